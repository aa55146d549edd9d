package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetbackTest {

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
        Setback setback = new Setback();
        List.of(notFound, unreachable, denied, corrupt).forEach(setback::add);

        FetchException worst = setback.worst(List.of(PROBE));

        assertThat(worst).isSameAs(denied);
        assertThat(worst.getSuppressed()).containsExactly(corrupt, unreachable, notFound);
        assertThat(worst.probes()).containsExactly(PROBE);
    }

    @Test
    void whatIsWrongOnThisMachineComesBeforeEverything() {
        Setback setback = new Setback();
        setback.add(denied);
        setback.add(storage);

        assertThat(setback.worst(List.of())).isSameAs(storage);
    }

    @Test
    void anotherCatalogueMayHelpAgainstTroubleWithASourceOnly() {
        assertThat(List.of(denied, corrupt, unreachable, notStored, notFound)).allMatch(Setback::mayEndElsewhere);
        assertThat(Setback.mayEndElsewhere(storage)).isFalse();
        assertThat(Setback.mayEndElsewhere(new FetchException.Usage("what", "how")))
                .isFalse();
        assertThat(Setback.mayEndElsewhere(new FetchException.Cancelled())).isFalse();
    }

    @Test
    void aStepThatSucceedsGivesItsResult() throws InterruptedException {
        Setback setback = new Setback();
        setback.add(unreachable);

        assertThat(setback.<String>orRethrow(() -> "fine")).isEqualTo("fine");
    }

    @Test
    void aStepThatFailsIsWeighedAgainstEarlierSetbacks() {
        Setback setback = new Setback();
        setback.add(corrupt);

        assertThatThrownBy(() -> setback.orRethrow(() -> {
                    throw unreachable.withProbes(List.of(PROBE));
                }))
                .isSameAs(corrupt)
                .hasSuppressedException(unreachable);
        assertThat(corrupt.probes()).containsExactly(PROBE);
    }
}
