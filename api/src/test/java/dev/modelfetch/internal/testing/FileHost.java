package dev.modelfetch.internal.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A host on loopback that serves files with ranges, unless a test has scripted its next replies. */
public final class FileHost implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    /** Makes one reply. */
    public interface Reply {
        MockResponse to(RecordedRequest request) throws InterruptedException;
    }

    private final MockWebServer server = new MockWebServer();
    private final Map<String, Reply> files = new ConcurrentHashMap<>();
    private final Deque<Reply> next = new ConcurrentLinkedDeque<>();
    private final List<RecordedRequest> seen = new CopyOnWriteArrayList<>();

    public FileHost() {
        this(server -> {});
    }

    /** Over TLS, with that certificate. */
    public static FileHost secured(HeldCertificate certificate) {
        HandshakeCertificates own =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        return new FileHost(server -> server.useHttps(own.sslSocketFactory()));
    }

    private FileHost(Consumer<MockWebServer> setUp) {
        setUp.accept(server);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                seen.add(request);
                Reply reply = next.poll();
                if (reply == null) {
                    reply = files.get(request.getUrl().encodedPath());
                }
                return reply == null ? status(404).to(request) : reply.to(request);
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpUrl url() {
        return server.url("/");
    }

    /** Serves it where {@link FakeSource} asks for it. */
    public FileHost holds(String path, byte[] content) {
        return answers("/files/" + path, ranged(content));
    }

    /** From now on every request for that address path. */
    public FileHost answers(String path, Reply reply) {
        files.put(path, reply);
        return this;
    }

    /** For that address path, unless a test has said something else about it before. */
    public FileHost usually(String path, Reply reply) {
        files.putIfAbsent(path, reply);
        return this;
    }

    /** Once each, in this order, before everything else. */
    public FileHost next(Reply... replies) {
        next.addAll(Arrays.asList(replies));
        return this;
    }

    public List<RecordedRequest> requests() {
        return List.copyOf(seen);
    }

    /** The {@code Range} of every request, {@code all} where there was none. */
    public List<String> ranges() {
        return seen.stream()
                .map(request -> request.getHeaders().get("Range"))
                .map(range -> range == null ? "all" : range)
                .toList();
    }

    public static Reply ranged(byte[] content) {
        return request -> {
            int[] range = range(request, content.length);
            return range == null
                    ? whole(content).to(request)
                    : partOf(content, range[0], range[1]).build();
        };
    }

    /** As a host that does not know ranges. */
    public static Reply whole(byte[] content) {
        return request -> new MockResponse.Builder()
                .addHeader("Content-Type", "application/octet-stream")
                .body(new Buffer().write(content))
                .build();
    }

    /** As a host that answers ranges with the part, and does not say which it is. */
    public static Reply unplaced(byte[] content) {
        return request -> {
            int[] range = range(request, content.length);
            return range == null
                    ? whole(content).to(request)
                    : whole(Arrays.copyOfRange(content, range[0], range[1])).to(request);
        };
    }

    /** The right headers, so many bytes of the body, and then the end of the connection. */
    public static Reply cutAfter(int sent, byte[] content) {
        return request -> {
            int[] range = range(request, content.length);
            int from = range == null ? 0 : range[0];
            int to = range == null ? content.length : range[1];
            MockResponse.Builder response = range == null ? new MockResponse.Builder() : partOf(content, from, to);
            return response.body(new Buffer().write(content, from, sent))
                    .setHeader("Content-Length", to - from)
                    .onResponseEnd(new SocketEffect.CloseSocket())
                    .build();
        };
    }

    /** The right headers, so many bytes of the body, and then nothing until the latch is open. */
    public static Reply stallAfter(int sent, byte[] content, CountDownLatch latch) {
        MockResponseBody body = new MockResponseBody() {
            @Override
            public long getContentLength() {
                return content.length;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.write(content, 0, sent);
                sink.flush();
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        return request -> new MockResponse.Builder().body(body).build();
    }

    /** A whole file byte by byte until the first latch is open, and then nothing until the second one is. */
    public static Reply trickle(byte[] content, CountDownLatch enough, CountDownLatch latch) {
        MockResponseBody body = new MockResponseBody() {
            @Override
            public long getContentLength() {
                return content.length;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                try {
                    for (int sent = 0; sent < content.length - 1; sent++) {
                        sink.write(content, sent, 1);
                        sink.flush();
                        if (enough.await(5, TimeUnit.MILLISECONDS)) {
                            break;
                        }
                    }
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        return request -> new MockResponse.Builder().body(body).build();
    }

    /** One reply the first time, another one ever after. */
    public static Reply firstly(Reply first, Reply then) {
        AtomicBoolean again = new AtomicBoolean();
        return request -> (again.getAndSet(true) ? then : first).to(request);
    }

    public static Reply reset() {
        return request -> new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    public static Reply status(int code, String... headers) {
        return request -> {
            MockResponse.Builder response = new MockResponse.Builder().code(code);
            for (int i = 0; i < headers.length; i += 2) {
                response.addHeader(headers[i], headers[i + 1]);
            }
            return response.build();
        };
    }

    public static Reply redirect(HttpUrl target) {
        return status(302, "Location", target.toString());
    }

    /** A 206 with everything it should have. */
    public static MockResponse.Builder partOf(byte[] content, int from, int to) {
        return new MockResponse.Builder()
                .code(206)
                .addHeader("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length)
                .body(new Buffer().write(content, from, to - from));
    }

    private static int @Nullable [] range(RecordedRequest request, int length) {
        Matcher matcher = RANGE.matcher(String.valueOf(request.getHeaders().get("Range")));
        return matcher.matches()
                ? new int[] {
                    Integer.parseInt(matcher.group(1)), Math.min(length, Integer.parseInt(matcher.group(2)) + 1)
                }
                : null;
    }

    @Override
    public void close() {
        server.close();
    }
}
