package dev.modelfetch.internal.store.cache;

import dev.modelfetch.Leftover;
import java.time.Duration;
import java.time.Instant;

/**
 * How long nothing must have happened to something before nobody will miss it.
 *
 * @param ours for what a later job of ours could go on with
 */
record Staleness(Instant now, Duration ours) {

    /** For everything else: somebody may be about to give it a name. */
    private static final Duration OTHERS = Duration.ofDays(1);

    /** Partial data of a week ago is of a job that nobody has started again. */
    static Staleness usual(Instant now) {
        return new Staleness(now, Duration.ofDays(7));
    }

    boolean isAbandoned(Leftover leftover) {
        boolean fromUs = leftover.kind() == Leftover.Kind.PARTIAL || leftover.kind() == Leftover.Kind.TEMPORARY;
        return isOlder(leftover.lastModified(), fromUs ? ours : OTHERS);
    }

    boolean isAbandoned(Instant touched) {
        return isOlder(touched, OTHERS);
    }

    /** Whether a revision that is not complete yet was not touched for so long that nobody goes on with it. */
    boolean isGivenUp(Instant touched) {
        return isOlder(touched, ours);
    }

    /** As far in the future counts too: the clock was wrong then, or is now. */
    private boolean isOlder(Instant touched, Duration age) {
        return Duration.between(touched, now).abs().compareTo(age) > 0;
    }
}
