package dev.modelfetch.it.night;

import dev.modelfetch.testing.hub.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Something that goes wrong in a night.
 *
 * @param what it is
 * @param where the names of the servers it befalls, as the ledger has them; none where it befalls the program
 * @param at when it begins, from the beginning of the night
 * @param length how long it takes; nothing where it is but a moment
 */
record Trouble(What what, Set<String> where, Duration at, Duration length) {

    /** The kinds. */
    enum What {
        REFUSED,
        RESET,
        HUNG_UP,
        SILENT,
        UNAVAILABLE,
        LIMITED,
        /** Links given out so far are good no more. */
        LINKS_EXPIRED,
        /** The branch has got another commit. */
        BRANCH_MOVED,
        /** The program is ended by force. */
        KILLED
    }

    /** How the servers are away; empty if they stay. */
    Optional<Outage> outage() {
        return switch (what) {
            case REFUSED -> Optional.of(Outage.refused());
            case RESET -> Optional.of(Outage.reset());
            case HUNG_UP -> Optional.of(Outage.hungUp());
            case SILENT -> Optional.of(Outage.silent());
            case UNAVAILABLE -> Optional.of(Outage.unavailable());
            case LIMITED -> Optional.of(Outage.limited(1 + (int) length.toSeconds()));
            case LINKS_EXPIRED, BRANCH_MOVED, KILLED -> Optional.empty();
        };
    }

    /** Whether it befalls a hub or its data host. */
    boolean befalls(String hub) {
        return where.contains(hub) || where.contains(hub + "-data");
    }

    Duration end() {
        return at.plus(length);
    }

    @Override
    public String toString() {
        return "%6.1f s: %s %s %.1f s".formatted(at.toMillis() / 1e3, what, where, length.toMillis() / 1e3);
    }
}
