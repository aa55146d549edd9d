package dev.modelfetch.internal.transfer;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.PluginCall;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Way;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients.Silence;
import dev.modelfetch.internal.net.RefusedRedirect;
import dev.modelfetch.internal.net.Trail;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Opens ranges of one file: the request, its redirects, and every check that can be made before the first byte
 * (huggingface.md 1.10, 8.3 to 8.5; modelscope.md 1.4; mirrors.md M3, M5, M7). Remembers where a signed link led for a
 * short time, and asks the source again when the data host no longer honours it; remembers who loses the place of a part.
 * Thread-safe.
 */
final class RangeRequest {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    private record SignedLink(HttpUrl url, long untilNanos) {}

    private final Cancellation cancellation;
    private final LongSupplier nanos;
    private final Map<Source, SignedLink> links = new ConcurrentHashMap<>();
    private final Set<Source> unplaced = ConcurrentHashMap.newKeySet();

    RangeRequest(Cancellation cancellation, LongSupplier nanos) {
        this.cancellation = cancellation;
        this.nanos = nanos;
    }

    /** Whether the source has sent a part without its place, and is therefore asked for the whole file only. */
    boolean sendsWholeOnly(Offer offer) {
        return unplaced.contains(offer.source());
    }

    /**
     * @param from first byte wanted
     * @param to one past the last
     * @param silence no byte for so long is a failure; null for the default
     * @param begun told how to cut every call before it is sent, so that it can be while it waits for an answer
     * @return a body that starts at {@code from}, or at 0 when the server ignores ranges or loses them
     * @throws Fault with what the failure means
     */
    Opened open(Offer offer, long from, long to, @Nullable Duration silence, Consumer<Runnable> begun)
            throws Fault, InterruptedException {
        ByteRange range = sendsWholeOnly(offer) ? new ByteRange(0, offer.file().size()) : new ByteRange(from, to);
        Duration usual = Duration.ofMillis(offer.source().data().readTimeoutMillis());
        Duration longest = silence != null && silence.compareTo(usual) < 0 ? silence : usual;
        Way way = answered(offer, offer.way(range), longest, begun);
        if (way instanceof Way.Handed handed) {
            HandedBody body = HandedBody.of(offer, range, handed.stream(), longest, cancellation);
            begun.accept(body::cut);
            return body;
        }
        return opened(offer, ((Way.Asked) way).request(), range, silence, begun);
    }

    /** What the code of a source says, in time and with a way to cut it short. */
    private <T> T answered(Offer offer, PluginCall<T> call, Duration longest, Consumer<Runnable> begun)
            throws Fault, InterruptedException {
        Runnable cut = call::cut;
        cancellation.onCancel(cut);
        begun.accept(cut);
        try {
            return call.await(longest);
        } catch (SourceException e) {
            cancellation.check();
            Verdict told = offer.source().told(e.verdict());
            throw Fault.of(
                    told.equals(e.verdict()) ? e : new SourceException(told, e.getCause()),
                    offer.source().host());
        } finally {
            cancellation.forget(cut);
        }
    }

    private Opened opened(
            Offer offer, Request request, ByteRange range, @Nullable Duration silence, Consumer<Runnable> begun)
            throws Fault, InterruptedException {
        SignedLink link = links.get(offer.source());
        if (link != null && nanos.getAsLong() - link.untilNanos() < 0) {
            try {
                return sent(offer, request.newBuilder().url(link.url()), range, silence, begun);
            } catch (Fault e) {
                forget(offer, link, e);
                if (!e.isOfLink()) {
                    throw e;
                }
                cancellation.check();
            }
        } else if (link != null) {
            links.remove(offer.source(), link);
        }
        return sent(offer, request.newBuilder(), range, silence, begun);
    }

    /** Unless its host only wants to be asked less, the next request does not follow it again. */
    private void forget(Offer offer, SignedLink link, Fault fault) {
        if (fault.kind() != Fault.Kind.LIMITED) {
            links.remove(offer.source(), link);
        }
    }

    private Opened sent(
            Offer offer, Request.Builder request, ByteRange range, @Nullable Duration silence, Consumer<Runnable> begun)
            throws Fault, InterruptedException {
        // Compressed answers have neither a length nor usable ranges.
        request.header("Accept-Encoding", "identity");
        // Always closed: ModelScope ignores an open range. A whole file needs none, and caches like it better.
        if (range.from() > 0 || range.to() < offer.file().size()) {
            request.header("Range", "bytes=" + range.from() + "-" + (range.to() - 1));
        }
        if (silence != null) {
            request.tag(Silence.class, new Silence(silence));
        }
        Trail trail = new Trail(request.build().url());
        request.tag(Trail.class, trail);
        OkHttpClient client = offer.source().clientFor(offer.file());
        Call call = client.newCall(request.build());
        Runnable cut = call::cancel;
        cancellation.onCancel(cut);
        begun.accept(cut);
        try {
            Response response = call.execute();
            return checked(offer, new HttpBody(call, cut, response, range.from(), range.to(), cancellation), range);
        } catch (RefusedRedirect e) {
            cancellation.forget(cut);
            throw Fault.of(new Verdict.Blocked(String.valueOf(e.getMessage())), trail.at());
        } catch (IOException e) {
            cancellation.forget(cut);
            cancellation.check();
            throw Fault.of(e, trail.at());
        }
    }

    private HttpBody checked(Offer offer, HttpBody opened, ByteRange range) throws Fault, InterruptedException {
        try {
            HttpBody good = inspect(offer, opened, range);
            if (!isOwnHost(offer, good.at())) {
                links.putIfAbsent(
                        offer.source(), new SignedLink(good.at(), nanos.getAsLong() + Limits.SIGNED_LINK.toNanos()));
            }
            return good;
        } catch (Fault e) {
            opened.close();
            throw e.withRequestId(opened.requestId());
        } catch (InterruptedException e) {
            opened.close();
            throw e;
        } catch (IOException e) {
            opened.close();
            cancellation.check();
            throw Fault.of(e, opened.at());
        }
    }

    private HttpBody inspect(Offer offer, HttpBody opened, ByteRange range)
            throws Fault, IOException, InterruptedException {
        Response response = opened.response();
        if (response.code() == 416) {
            throw nonsense("range refused (HTTP 416, ", opened);
        }
        if (!response.isSuccessful()) {
            throw refusal(offer, opened);
        }
        String encoding = response.header("Content-Encoding", "identity");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Fault.of(
                    Fault.Kind.ANOTHER_FILE,
                    new Verdict.Blocked("the file comes compressed (" + hostOf(opened) + ")"),
                    opened.at());
        }
        return placed(offer, opened, range);
    }

    /** Which bytes of the file the body has. */
    private HttpBody placed(Offer offer, HttpBody opened, ByteRange range)
            throws Fault, IOException, InterruptedException {
        Response response = opened.response();
        long size = offer.file().size();
        // The status does not decide: ModelScope answers a closed range of a small file with 200 (modelscope.md 1.4).
        Matcher said = CONTENT_RANGE.matcher(String.valueOf(response.header("Content-Range")));
        if (said.matches()) {
            boolean rightTotal = said.group(3).equals("*") || Long.parseLong(said.group(3)) == size;
            if (!rightTotal) {
                throw another(offer, opened, said.group(3));
            }
            if (Long.parseLong(said.group(1)) != range.from()) {
                throw nonsense("another range than asked for (", opened);
            }
            return opened;
        }
        long length = lengthOf(response);
        if (response.code() == 206) {
            // Some mirrors lose Content-Range; the exact length is then the only sign.
            if (length != range.length()) {
                throw nonsense("206 without its range (", opened);
            }
            return opened;
        }
        if (length >= 0 && length != size) {
            if (length != range.length()) {
                throw another(offer, opened, String.valueOf(length));
            }
            // As long as the part, but of which bytes?
            unplaced.add(offer.source());
            throw Fault.of(
                    Fault.Kind.UNPLACED,
                    new Verdict.Down("a part without its place (" + hostOf(opened) + ")", true),
                    opened.at());
        }
        return opened.ofWhole(size);
    }

    private static Fault nonsense(String words, HttpBody opened) {
        return Fault.of(Fault.Kind.NONSENSE, new Verdict.Down(words + hostOf(opened) + ")", true), opened.at());
    }

    /**
     * Of the body; -1 where nobody knows. Labels are wrong too often to be judged by, but what is labelled like a page or a
     * complaint is looked at before it is taken for a file.
     */
    private static long lengthOf(Response response) throws IOException {
        ResponseBody body = response.body();
        MediaType type = body.contentType();
        boolean suspicious = type != null
                && (type.subtype().contains("html") || type.subtype().contains("json"));
        if (body.contentLength() >= 0 || !suspicious || body.source().request(Limits.LONGEST_PAGE)) {
            return body.contentLength();
        }
        return body.source().getBuffer().size();
    }

    /** The length shows that it is not the file that was listed. */
    private Fault another(Offer offer, HttpBody opened, String theirs) throws IOException, InterruptedException {
        Optional<Verdict> complaint = complaint(offer, opened);
        if (complaint.isPresent()) {
            Fault said = said(complaint.get(), opened);
            return said.isPassing() ? said : Fault.of(Fault.Kind.WRONG_LENGTH, complaint.get(), opened.at());
        }
        boolean page = CommonVerdicts.isWebPage(opened.response())
                && !isPage(offer.file().path());
        String words = page
                ? "a web page instead of the file (" + hostOf(opened) + ")"
                : "the file has " + theirs + " bytes at " + hostOf(opened) + ", the listing says "
                        + offer.file().size();
        // Bytes where the listing has none are the listing's lie, which no second answer will change.
        boolean lie = offer.file().size() == 0 && !page;
        return Fault.of(
                lie ? Fault.Kind.ANOTHER_FILE : Fault.Kind.WRONG_LENGTH, new Verdict.Blocked(words), opened.at());
    }

    /** The length alone says enough, if its code does not. */
    private Optional<Verdict> complaint(Offer offer, HttpBody opened) throws InterruptedException {
        if (!isOwnHost(offer, opened.at())) {
            return Optional.empty();
        }
        Source source = offer.source();
        try {
            return answered(
                    offer,
                    source.call("complaint", () -> source.backend().complaint(opened.response())),
                    Limits.EXPLANATION,
                    cut -> {});
        } catch (Fault e) {
            return Optional.empty();
        }
    }

    private Fault refusal(Offer offer, HttpBody opened) throws Fault, InterruptedException {
        Response response = opened.response();
        if (isOwnHost(offer, opened.at())) {
            Source source = offer.source();
            Verdict why = answered(
                    offer,
                    source.call("explain", () -> source.backend().explain(response)),
                    Limits.EXPLANATION,
                    cut -> {});
            return said(source.told(why), opened);
        }
        // A data host knows links, not people: its refusal is never "no permission" (huggingface.md 8.5).
        Optional<Verdict> trouble = CommonVerdicts.ofStatus(response).filter(Verdict::retryable);
        if (trouble.isPresent()) {
            return said(trouble.get(), opened);
        }
        if (response.code() == 400 && needsXet(offer)) {
            return Fault.of(
                    new Verdict.Blocked("a file of " + offer.file().size() / 1_000_000_000
                            + " GB, which the Hub's storage sends only through Xet, a protocol that is not spoken here"
                            + " (HTTP 400 from " + hostOf(opened) + ")"),
                    opened.at());
        }
        return Fault.of(
                response.code() == 403 ? Fault.Kind.LINK_FORBIDDEN : Fault.Kind.LINK_REFUSED,
                new Verdict.Down("HTTP " + response.code() + " from data host " + hostOf(opened), true),
                opened.at());
    }

    private static boolean needsXet(Offer offer) {
        return offer.file().size() > Limits.LARGEST_PLAIN
                && offer.source().profile().family().equals(SourceProfile.HUB);
    }

    private static Fault said(Verdict verdict, HttpBody opened) {
        boolean unstated = verdict instanceof Verdict.Limited
                && CommonVerdicts.waitOf(opened.response().headers()).isEmpty();
        return unstated ? Fault.of(Fault.Kind.CROWDED, verdict, opened.at()) : Fault.of(verdict, opened.at());
    }

    /**
     * For an answer to a question for a file of no bytes whose length nobody has told.
     *
     * @throws Fault if something comes after all
     */
    void checkEmpty(Offer offer, Opened opened) throws Fault, InterruptedException {
        if (opened.isExhausted()) {
            return;
        }
        if (opened instanceof HttpBody answer) {
            try {
                throw another(offer, answer, "more than 0");
            } catch (IOException e) {
                cancellation.check();
                throw Fault.of(e, answer.at());
            }
        }
        throw Fault.of(
                Fault.Kind.ANOTHER_FILE,
                new Verdict.Blocked("the file has bytes, the listing says none (" + opened.host() + ")"),
                opened.host());
    }

    /** As messages about an answer have it, without a port. */
    private static String hostOf(HttpBody opened) {
        return opened.at().host();
    }

    private static boolean isOwnHost(Offer offer, HttpUrl url) {
        return Endpoints.sameOrigin(url, Endpoints.web(offer.source().profile().endpoint()));
    }

    private static boolean isPage(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".html") || lower.endsWith(".htm") || lower.endsWith(".xhtml");
    }
}
