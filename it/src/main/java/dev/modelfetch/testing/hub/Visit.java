package dev.modelfetch.testing.hub;

import java.util.concurrent.atomic.AtomicLong;

/** One request as a hub saw it. Filled in while the answer is sent. Thread-safe. */
public final class Visit {

    private final String host;
    private final Request request;
    private final AtomicLong bytes = new AtomicLong();
    private volatile String file = "";
    private volatile int status;

    Visit(String host, Request request) {
        this.host = host;
        this.request = request;
    }

    /** Name of the server, for example {@code mirror} or {@code mirror-data}. */
    public String host() {
        return host;
    }

    /** What was asked. */
    public Request request() {
        return request;
    }

    /** Path of the repository file the answer was about; empty for none. */
    public String file() {
        return file;
    }

    /** HTTP status of the answer; 0 if none was given. */
    public int status() {
        return status;
    }

    /** Body bytes given to the network so far. */
    public long bytes() {
        return bytes.get();
    }

    void answered(Reply reply) {
        file = reply.file();
        status = reply.status();
    }

    void sent(int count) {
        bytes.addAndGet(count);
    }

    @Override
    public String toString() {
        String range = request.header("Range").map(" "::concat).orElse("");
        return "%s %s %s%s -> %d, %d bytes"
                .formatted(host, request.method(), request.target().raw(), range, status, bytes());
    }
}
