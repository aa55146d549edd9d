package dev.modelfetch.testing.hub;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The storage host that large files are redirected to. It knows no accounts; a signed link is all it wants, and links
 * run out. Thread-safe.
 */
public final class DataHost implements Face {

    private static final int NONCE = 32;
    private static final long LINK_LIFE_SECONDS = 3600;

    private record Link(StoredFile file, String etag, Instant expires, AtomicInteger uses) {}

    private final String endpoint;
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private volatile int usesPerLink = Integer.MAX_VALUE;

    DataHost(String endpoint) {
        this.endpoint = endpoint;
    }

    /** From now on every link works for so many requests. */
    public void linksGoodFor(int requests) {
        usesPerLink = requests;
    }

    /** Every link given out so far stops working. */
    public void expireLinks() {
        links.clear();
    }

    /** Time in seconds, as the signatures of both hubs carry it. */
    static long expiry() {
        return Instant.now().getEpochSecond() + LINK_LIFE_SECONDS;
    }

    /**
     * Makes a link.
     *
     * @param pathAndQuery up to where the signature goes, which is the last thing in it
     * @param etag how this host identifies the bytes; empty for not at all
     */
    String link(String pathAndQuery, StoredFile file, String etag) {
        String nonce = UUID.randomUUID().toString().replace("-", "");
        links.put(nonce, new Link(file, etag, Instant.ofEpochSecond(expiry()), new AtomicInteger()));
        return endpoint + pathAndQuery + nonce;
    }

    @Override
    public Reply answer(Request request) {
        String raw = request.target().raw();
        Link link = links.get(raw.substring(Math.max(0, raw.length() - NONCE)));
        // Links are signed for GET; storage hosts refuse HEAD with the same signature (huggingface.md 8.6).
        if (link == null
                || request.isHead()
                || Instant.now().isAfter(link.expires())
                || link.uses().incrementAndGet() > usesPerLink) {
            return Reply.of(
                    403,
                    "application/xml",
                    Content.text("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"
                            + "<Message>Request has expired</Message></Error>"));
        }
        Reply whole = Reply.file(link.file());
        return ByteRange.answer(request, link.etag().isEmpty() ? whole : whole.with("ETag", "\"" + link.etag() + "\""));
    }
}
