package dev.modelfetch.internal.engine;

import dev.modelfetch.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to get bytes from one source failed. */
final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;
    private final transient boolean passing;

    private Fault(Verdict verdict, boolean passing, @Nullable Throwable cause) {
        super(verdict.detail(), cause);
        this.verdict = verdict;
        this.passing = passing;
    }

    /** The same source may do better at the next attempt. */
    static Fault passing(Verdict verdict, @Nullable Throwable cause) {
        return new Fault(verdict, true, cause);
    }

    /** This source will not deliver this file in this job. */
    static Fault refused(Verdict verdict) {
        return new Fault(verdict, false, null);
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isPassing() {
        return passing;
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

    /** What the server asked to be left alone for. */
    Optional<Duration> asked() {
        return verdict instanceof Verdict.Limited limited ? Optional.of(limited.pause()) : Optional.empty();
    }
}
