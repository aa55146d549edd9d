package dev.modelfetch.testing.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/**
 * Something that goes wrong at a server, as a value: what ({@code Fault.resetAfter(1000)}), where
 * ({@link #onFile}, {@link #on}, {@link #onApi}), how often ({@link #times}). Without a place it hits every answer that
 * it can change, without a number always.
 */
public final class Fault {

    private interface Effect {
        Reply apply(Request request, Reply reply) throws IOException;
    }

    private final BiPredicate<Request, Reply> where;
    private final Effect effect;
    private final int skip;
    private final int times;

    private Fault(BiPredicate<Request, Reply> where, Effect effect, int skip, int times) {
        this.where = where;
        this.effect = effect;
        this.skip = skip;
        this.times = times;
    }

    private static Fault always(Effect effect) {
        return new Fault((request, reply) -> true, effect, 0, Integer.MAX_VALUE);
    }

    /** Accepts the connection and the request, and never says a word. */
    public static Fault blackHole() {
        return always((request, reply) -> {
            throw new Cut(Cut.How.SILENCE);
        });
    }

    /** Resets the connection instead of answering. */
    public static Fault reset() {
        return always((request, reply) -> {
            throw new Cut(Cut.How.RESET);
        });
    }

    /** Resets the connection after so many bytes of body. */
    public static Fault resetAfter(long bytes) {
        return cut(bytes, Cut.How.RESET);
    }

    /** Falls silent after so many bytes of body. */
    public static Fault stallAfter(long bytes) {
        return cut(bytes, Cut.How.SILENCE);
    }

    /** Announces the full length, sends so many bytes, and closes in good order. */
    public static Fault shortBody(long bytes) {
        return cut(bytes, Cut.How.CLOSE);
    }

    /** Sends, and announces, more bytes than were asked for. */
    public static Fault longBody(int extra) {
        return always((request, reply) -> reply.content(
                                Content.joined(reply.content(), Content.generated(extra, extra)))
                        .slice(reply.from(), reply.to() + extra))
                .when((request, reply) ->
                        reply.status() / 100 == 2 && !reply.file().isEmpty());
    }

    /** Sends one kilobyte a second. */
    public static Fault trickle() {
        return rate(1024);
    }

    /** Limits the bytes per second of every connection by itself. */
    public static Fault rate(long bytesPerSecond) {
        return always((request, reply) -> reply.through(new Pace(bytesPerSecond)::over));
    }

    /** Limits the bytes per second of all connections together. */
    public static Fault totalRate(long bytesPerSecond) {
        Pace shared = new Pace(bytesPerSecond);
        return always((request, reply) -> reply.through(shared::over));
    }

    /** Waits before the first byte of the answer. */
    public static Fault delay(Duration wait) {
        return always((request, reply) -> {
            try {
                Thread.sleep(wait.toMillis());
                return reply;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("server stopped");
            }
        });
    }

    /** Answers a request for a part with the whole, and status 200. */
    public static Fault ignoreRange() {
        return ranged((request, reply) ->
                reply.status(200).slice(0, reply.content().size()).without("Content-Range"));
    }

    /** Says that the part begins one byte later than it does. */
    public static Fault wrongContentRange() {
        return ranged((request, reply) -> reply.with(
                "Content-Range",
                new ByteRange(reply.from() + 1, reply.to() + 1, true)
                        .contentRange(reply.content().size())));
    }

    /** Says that the file has another size than the listing does. */
    public static Fault wrongTotal(long total) {
        return ranged((request, reply) ->
                reply.with("Content-Range", new ByteRange(reply.from(), reply.to(), true).contentRange(total)));
    }

    /** Sends the part without saying which. */
    public static Fault noContentRange() {
        return ranged((request, reply) -> reply.without("Content-Range"));
    }

    /** Refuses every range with 416. */
    public static Fault rangeRefused() {
        return ranged((request, reply) -> Reply.text(416, "range not satisfiable")
                .with("Content-Range", "bytes */" + reply.content().size())
                .about(reply.file()));
    }

    /** Leaves out {@code Content-Length}; the end of the connection is the end of the body. */
    public static Fault noLength() {
        return always((request, reply) -> reply.without("Content-Length"));
    }

    /** A web page with status 200, as login pages and captive portals send. */
    public static Fault webPage() {
        return always((request, reply) -> Reply.page(200, "Please sign in").about(reply.file()));
    }

    /** Some other status; 503 with {@code times(3)} is a burst, 404 is a hub that lost everything. */
    public static Fault status(int code) {
        return always((request, reply) -> Reply.text(code, "status " + code).about(reply.file()));
    }

    /** 429 without a hint how long to wait. */
    public static Fault limited() {
        return status(429);
    }

    /** 429 with {@code Retry-After}. */
    public static Fault limitedRetryAfter(int seconds) {
        return always((request, reply) -> Reply.text(429, "slow down")
                .with("Retry-After", Integer.toString(seconds))
                .about(reply.file()));
    }

    /** 429 with the Hub's window of {@code RateLimit}. */
    public static Fault limitedWindow(int seconds) {
        return always((request, reply) -> Reply.text(429, "slow down")
                .with("RateLimit", "\"api\";r=0;t=" + seconds)
                .with("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300")
                .about(reply.file()));
    }

    /** 429 with {@code Retry-After} as the date on which that many seconds have passed. */
    public static Fault limitedUntil(int seconds) {
        return always((request, reply) -> Reply.text(429, "slow down")
                .with(
                        "Retry-After",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds)))
                .about(reply.file()));
    }

    /** 429 with one header of the caller's choice and spelling. */
    public static Fault limited(String header, String value) {
        return always((request, reply) ->
                Reply.text(429, "slow down").with(header, value).about(reply.file()));
    }

    /** Sends other content where this file was, parts and lengths in order, as a hub does whose file was replaced. */
    public static Fault replaced(String path, Content other) {
        return always((request, reply) -> ByteRange.answer(
                        request,
                        reply.status(200)
                                .content(other)
                                .slice(0, other.size())
                                .without("Content-Range")
                                .without("ETag")))
                .when((request, reply) ->
                        sendsBody(request, reply) && reply.file().equals(path));
    }

    /** Turns the bits of one byte of a file, in every answer that contains it. */
    public static Fault flip(String path, long offset) {
        return always((request, reply) -> reply.content(reply.content().flipped(offset)))
                .when((request, reply) -> sendsBody(request, reply)
                        && reply.file().equals(path)
                        && offset >= reply.from()
                        && offset < reply.to());
    }

    /** Any answer at all, for example a refusal inside a 200. */
    public static Fault answer(int code, String type, String body) {
        return always(
                (request, reply) -> Reply.of(code, type, Content.text(body)).about(reply.file()));
    }

    /** Sends the client somewhere else. */
    public static Fault redirect(int code, String location) {
        return always((request, reply) -> Reply.redirect(code, location).about(reply.file()));
    }

    /** Sends the client to where it is already. */
    public static Fault redirectLoop() {
        return always(
                (request, reply) -> Reply.redirect(302, request.target().raw()).about(reply.file()));
    }

    /** Compresses for every client that allows it: no length, no ranges (huggingface.md 8.3). */
    public static Fault gzip() {
        return always((request, reply) -> reply.gzipped())
                .when((request, reply) ->
                        request.header("Accept-Encoding").orElse("").contains("gzip") && reply.status() / 100 == 2);
    }

    /** Adds or replaces a header. */
    public static Fault header(String name, String value) {
        return always((request, reply) -> reply.with(name, value));
    }

    /** Only in answers about this repository file. */
    public Fault onFile(String path) {
        return when((request, reply) -> reply.file().equals(path));
    }

    /** Only in answers about repository files. */
    public Fault onFiles() {
        return when((request, reply) -> !reply.file().isEmpty());
    }

    /** Only in answers that are not about a repository file: revisions, listings, accounts. */
    public Fault onApi() {
        return when((request, reply) -> reply.file().isEmpty());
    }

    /** Only where the address contains this text. */
    public Fault on(String text) {
        return when((request, reply) -> request.mentions(text));
    }

    /** Only so many times; afterwards all is well. */
    public Fault times(int count) {
        return new Fault(where, effect, skip, count);
    }

    /** Only after so many answers that it would have fitted. */
    public Fault after(int answers) {
        return new Fault(where, effect, answers, times);
    }

    private Fault when(BiPredicate<Request, Reply> also) {
        return new Fault(where.and(also), effect, skip, times);
    }

    private static Fault cut(long bytes, Cut.How how) {
        return always((request, reply) -> reply.through(out -> new CutAfter(out, bytes, how)))
                .when((request, reply) -> sendsBody(request, reply) && reply.length() > bytes);
    }

    private static Fault ranged(Effect effect) {
        return always(effect).when((request, reply) -> reply.headers().containsKey("Content-Range"));
    }

    private static boolean sendsBody(Request request, Reply reply) {
        return !request.isHead() && reply.status() / 100 == 2;
    }

    Armed arm() {
        return new Armed(this);
    }

    /** A fault at work, counting. */
    static final class Armed {
        private final Fault fault;
        private final AtomicInteger fits = new AtomicInteger();

        private Armed(Fault fault) {
            this.fault = fault;
        }

        Reply apply(Request request, Reply reply) throws IOException {
            if (!fault.where.test(request, reply)) {
                return reply;
            }
            int number = fits.getAndIncrement() - fault.skip;
            return number >= 0 && number < fault.times ? fault.effect.apply(request, reply) : reply;
        }
    }
}
