package dev.modelfetch.internal.transfer;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Backoff;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to get bytes from one source failed. */
final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    /** A data host that refuses a fresh link is asked with another one, and then not again (huggingface.md 8.5). */
    private static final int RETRIES_OF_LINKS = 2;

    /** Every attempt costs half a minute of silence, and hosts that swallow connections go on doing so. */
    private static final int RETRIES_OF_SILENCE = 2;

    private final transient Verdict verdict;
    private final int retries;
    private final boolean yields;

    private Fault(Verdict verdict, int retries, boolean yields, @Nullable Throwable cause) {
        super(verdict.detail(), cause);
        this.verdict = verdict;
        this.retries = retries;
        this.yields = yields;
    }

    /** The same source may do better at the next attempt. */
    static Fault passing(Verdict verdict, @Nullable Throwable cause) {
        boolean silence = cause instanceof SocketTimeoutException;
        boolean limited = verdict instanceof Verdict.Limited;
        return new Fault(verdict, silence ? RETRIES_OF_SILENCE : Backoff.MOST_RETRIES, limited, cause);
    }

    /** Bytes come, but so slowly that anybody else should be asked. */
    static Fault crawling(Verdict verdict) {
        return new Fault(verdict, Backoff.MOST_RETRIES, true, null);
    }

    /** A data host did not honour a link, which may have run out. */
    static Fault linkRefused(Verdict verdict) {
        return new Fault(verdict, RETRIES_OF_LINKS, false, null);
    }

    /** This source will not deliver this file in this job. */
    static Fault refused(Verdict verdict) {
        return new Fault(verdict, 0, false, null);
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isPassing() {
        return retries > 0;
    }

    /** After how many failures in a row there is no point in another attempt. */
    int retries() {
        return retries;
    }

    /** Whether a host that has enough connections might fail an extra one like this: 403, 429, a reset, a refusal. */
    boolean mayBePushBack() {
        return switch (verdict.kind()) {
            case LIMITED, BLOCKED, NEEDS_AUTH -> true;
            case DOWN ->
                !((Verdict.Down) verdict).answered() || verdict.detail().contains("HTTP 403");
            case USABLE, ALIAS, NOT_HERE -> false;
        };
    }

    /** Whether another source is to be asked before this one is asked again. */
    boolean yields() {
        return yields;
    }

    /** What the server asked to be left alone for. */
    Optional<Duration> asked() {
        return verdict instanceof Verdict.Limited limited ? Optional.of(limited.pause()) : Optional.empty();
    }
}
