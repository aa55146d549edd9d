package dev.modelfetch.internal.doctor;

import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Sighting;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What came of asking one source.
 *
 * @param way to its endpoint; empty for one that is not asked over HTTP
 * @param probe what it said, in its own words
 * @param token what became of its token
 * @param data what became of a byte that was asked for
 */
record Seen(Optional<Sighting> way, Probe probe, Token token, Data data) {

    /** Sealed by what there is to say. */
    sealed interface Token {
        /** There is none. */
        record None() implements Token {}

        /** There may be one in that file. */
        record Unreadable(Path file) implements Token {}

        record Accepted(String from) implements Token {}

        record Refused(String from) implements Token {}

        /** This hub cannot be asked. */
        record Untold(String from) implements Token {}

        /** @param why it did not answer */
        record Unasked(String from, String why) implements Token {}
    }

    /** Where bytes come from. */
    sealed interface Data {
        /** No other host is asked. */
        record None() implements Data {}

        /** @param route to that host */
        record From(String host, String route) implements Data {}

        record Fails(String why) implements Data {}

        /** @param sample repository that is not there */
        record NoSample(String sample) implements Data {}

        /** Nobody has been asked, since the hub itself does not answer, or took too long. */
        record Unasked() implements Data {}
    }

    /** Whether the hub itself has said something that is no refusal of everything. */
    boolean answers() {
        return switch (probe.verdict().kind()) {
            case USABLE -> true;
            case NOT_HERE -> probe.verdict().answered();
            case NEEDS_AUTH -> !refusesToken();
            case ALIAS, BLOCKED, LIMITED, DOWN, BROKEN, NOT_ASKED -> false;
        };
    }

    boolean refusesToken() {
        return probe.verdict() instanceof Verdict.NeedsAuth refused && refused.missing() == Verdict.Missing.VALID_TOKEN;
    }

    /** Whether a fetch by this source would work, as far as can be seen. */
    boolean works() {
        return answers() && !(data instanceof Data.Fails);
    }
}
