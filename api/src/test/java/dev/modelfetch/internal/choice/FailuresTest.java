package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.SourceException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private static final Probe PROBE =
            new Probe("mirror", "https://mirror.test", "direct", new Verdict.Down("reset", false), 3);

    private final FetchException denied = new FetchException.AccessDenied("gated", "ask");
    private final FetchException corrupt = new FetchException.Corrupt("wrong bytes", "elsewhere");
    private final FetchException unreachable = new FetchException.Unreachable("reset", "network");
    private final FetchException notStored = new FetchException.NotStored("not pinned", "lock");
    private final FetchException notFound = new FetchException.NotFound("no file", "look");
    private final FetchException storage = new FetchException.Storage("disk full", "space");

    @Test
    void theMostActionableCauseIsReportedWithTheOthersBehindIt() {
        Failures failures = new Failures();
        List.of(notFound, unreachable, denied, corrupt).forEach(failures::add);

        FetchException worst = failures.worst(List.of(PROBE));

        assertThat(worst).isSameAs(denied);
        assertThat(worst.getSuppressed()).containsExactly(corrupt, unreachable, notFound);
        assertThat(worst.probes()).containsExactly(PROBE);
    }

    @Test
    void whatIsWrongOnThisMachineComesBeforeEverything() {
        Failures failures = new Failures();
        failures.add(denied);
        failures.add(storage);

        assertThat(failures.worst(List.of())).isSameAs(storage);
    }

    @Test
    void anotherCatalogueMayHelpAgainstTroubleWithASourceOnly() {
        assertThat(List.of(denied, corrupt, unreachable, notStored, notFound)).allMatch(Failures::mayEndElsewhere);
        assertThat(Failures.mayEndElsewhere(storage)).isFalse();
        assertThat(Failures.mayEndElsewhere(new FetchException.Usage("what", "how")))
                .isFalse();
        assertThat(Failures.mayEndElsewhere(new FetchException.Cancelled())).isFalse();
    }

    @Test
    void whatASourceFailedWithOnTheWayIsKeptForWhoeverLooksCloser() {
        SourceException broken = new SourceException(new Verdict.Down("HTTP 502", true));
        Failures failures = new Failures();
        failures.survived(broken);
        failures.add(notFound);

        assertThat(failures.worst(List.of())).isSameAs(notFound).hasSuppressedException(broken);
    }
}
