package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
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
        Failures setback = new Failures();
        List.of(notFound, unreachable, denied, corrupt).forEach(setback::add);

        FetchException worst = setback.worst(List.of(PROBE));

        assertThat(worst).isSameAs(denied);
        assertThat(worst.getSuppressed()).containsExactly(corrupt, unreachable, notFound);
        assertThat(worst.probes()).containsExactly(PROBE);
    }

    @Test
    void whatIsWrongOnThisMachineComesBeforeEverything() {
        Failures setback = new Failures();
        setback.add(denied);
        setback.add(storage);

        assertThat(setback.worst(List.of())).isSameAs(storage);
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
    void aStepThatSucceedsGivesItsResult() throws InterruptedException {
        Failures setback = new Failures();
        setback.add(unreachable);

        assertThat(setback.<String>orRethrow(() -> "fine")).isEqualTo("fine");
    }

    @Test
    void aStepThatFailsIsWeighedAgainstEarlierSetbacks() {
        Failures setback = new Failures();
        setback.add(corrupt);

        assertThatThrownBy(() -> setback.orRethrow(() -> {
                    throw unreachable.withProbes(List.of(PROBE));
                }))
                .isSameAs(corrupt)
                .hasSuppressedException(unreachable);
        assertThat(corrupt.probes()).containsExactly(PROBE);
    }
}
