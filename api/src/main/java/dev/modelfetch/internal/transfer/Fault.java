package dev.modelfetch.internal.transfer;

import dev.modelfetch.Origin;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** One attempt to get bytes from one source failed. What follows from it is decided by its {@link Kind} alone. */
final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * What went wrong, and what follows:
     *
     * <ul>
     *   <li>whether it passes, so that the same source may do better later: by being asked again, however often;
     *   <li>whether it is of the host, so that other files would fail in the same way;
     *   <li>after how many failures in a row it is final, if it does not pass; and if it does, an impatient job ends and
     *       a patient one looks for another version;
     *   <li>whether a host that has enough connections might fail an extra one like this;
     *   <li>whether another source is to be asked before this one is asked again.
     * </ul>
     */
    enum Kind {
        /** The source does not have the file. */
        ABSENT(false, false, 0, false, false),
        /** No permission, a web page, a filter, a certificate that is not trusted. */
        REFUSED(false, false, 0, true, false),
        /** What it has is not the file that was listed. */
        ANOTHER_FILE(false, false, 0, false, false),
        /** An answer as long as no part of the file: a page or a complaint in its place, or another file. */
        WRONG_LENGTH(false, false, Limits.RETRIES_OF_LENGTH, false, true),
        /** Its back end broke, which it will do again. */
        BACK_END(false, false, 0, false, false),
        /** A data host says 403: the link has run out, or there are too many connections. */
        LINK_FORBIDDEN(true, true, Limits.RETRIES_OF_LINKS, true, false),
        /** A data host does not honour a link, which may have run out. */
        LINK_REFUSED(true, true, Limits.RETRIES_OF_LINKS, false, false),
        /** Too many requests, and it says for how long. */
        LIMITED(true, true, Limits.RETRIES_OF_LIMITED, true, true),
        /** Too many requests, and it does not say for how long: too many at once, where others go on. */
        CROWDED(true, true, Backoff.MOST_RETRIES, true, true),
        /** No byte for too long. */
        SILENCE(true, true, Limits.RETRIES_OF_SILENCE, true, false),
        /** No connection, or none any more. */
        BROKEN(true, true, Backoff.MOST_RETRIES, true, false),
        /** An answer that fits no question: another range, none where one was asked for. */
        NONSENSE(false, false, Backoff.MOST_RETRIES, false, false),
        /** An answer, but not the bytes asked for: server trouble, a body that ends early. */
        TROUBLE(true, true, Backoff.MOST_RETRIES, false, false),
        /** Bytes come, but so slowly that anybody else should be asked. */
        CRAWL(true, true, Backoff.MOST_RETRIES, false, true),
        /** A part that does not say which one it is; the source can be read from the start of the file only. */
        UNPLACED(true, false, Backoff.MOST_RETRIES, false, true),
        /** We have let go of the connection ourselves, through no fault of the host. */
        DROPPED(true, false, Backoff.MOST_RETRIES, false, false);

        private final boolean passing;
        private final boolean ofHost;
        private final int retries;
        private final boolean mayBePushBack;
        private final boolean yields;

        Kind(boolean passing, boolean ofHost, int retries, boolean mayBePushBack, boolean yields) {
            this.passing = passing;
            this.ofHost = ofHost;
            this.retries = retries;
            this.mayBePushBack = mayBePushBack;
            this.yields = yields;
        }

        private static Kind of(Verdict verdict) {
            return switch (verdict.kind()) {
                case USABLE, ALIAS, NOT_HERE -> ABSENT;
                case NEEDS_AUTH, BLOCKED -> REFUSED;
                case BROKEN, NOT_ASKED -> BACK_END;
                case LIMITED -> LIMITED;
                case DOWN -> !verdict.retryable() ? REFUSED : verdict.answered() ? TROUBLE : BROKEN;
            };
        }
    }

    private final Kind kind;
    private final transient Verdict verdict;
    /** Where it happened, in a word; null if at nobody's door. */
    private final @Nullable String host;

    private volatile @Nullable String requestId;

    private Fault(Kind kind, Verdict verdict, @Nullable String host, @Nullable Throwable cause) {
        super(verdict.detail(), cause);
        this.kind = kind;
        this.verdict = verdict;
        this.host = host;
    }

    /** Of our own doing, or of nobody in particular. */
    static Fault of(Kind kind, Verdict verdict) {
        return new Fault(kind, verdict, null, null);
    }

    static Fault of(Kind kind, Verdict verdict, String host) {
        return new Fault(kind, verdict, host, null);
    }

    static Fault of(Kind kind, Verdict verdict, HttpUrl at) {
        return of(kind, verdict, Endpoints.name(at));
    }

    /** What a source said about a request of ours. */
    static Fault of(Verdict verdict, HttpUrl at) {
        return of(Kind.of(verdict), verdict, at);
    }

    /** The network failed before or during an answer. */
    static Fault of(IOException failure, HttpUrl at) {
        return of(failure, CommonVerdicts.ofFailure(failure, at), Endpoints.name(at));
    }

    /** What the code of a source has refused, or was broken by. */
    static Fault of(SourceException refusal, String host) {
        Throwable cause = refusal.getCause();
        return of(cause == null ? refusal : cause, refusal.verdict(), host);
    }

    private static Fault of(Throwable failure, Verdict verdict, String host) {
        boolean silence = failure instanceof SocketTimeoutException || failure instanceof TimeoutException;
        return new Fault(silence ? Kind.SILENCE : Kind.of(verdict), verdict, host, failure);
    }

    Kind kind() {
        return kind;
    }

    /** The name of the request in the log of its host, which gave it with its answer; null for none. */
    Fault withRequestId(@Nullable String id) {
        requestId = id;
        return this;
    }

    /** Where it comes from, as a failure that leaves us says it. */
    Optional<Origin> origin(String source) {
        return Optional.ofNullable(host).map(at -> new Origin(source, at, Optional.ofNullable(requestId)));
    }

    Verdict verdict() {
        return verdict;
    }

    @Nullable
    String host() {
        return host;
    }

    /** Whether the same source may do better at another attempt. */
    boolean isPassing() {
        return kind.passing;
    }

    /** Whether other files of that host would fail in the same way. */
    boolean isOfHost() {
        return kind.ofHost;
    }

    int retries() {
        return kind.retries;
    }

    boolean mayBePushBack() {
        return kind.mayBePushBack;
    }

    boolean yields() {
        return kind.yields;
    }

    /** Whether a link that was good a while ago is no longer, so that a fresh one may do. */
    boolean isOfLink() {
        return kind == Kind.LINK_FORBIDDEN || kind == Kind.LINK_REFUSED;
    }

    /** What the server asked to be left alone for. */
    Optional<Duration> asked() {
        return kind == Kind.LIMITED && verdict instanceof Verdict.Limited limited
                ? Optional.of(limited.pause())
                : Optional.empty();
    }
}
