package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelfetch.Diagnosis;
import dev.modelfetch.FetchException;
import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.SourceException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExaminationTest extends EngineBench {

    private static Finding of(Check check, Diagnosis diagnosis) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.check() == check)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theHostThatSendsIsFoundByAByteOfItsLargestKind() {
        Diagnosis diagnosis = engine(origin).examine(SourceChoice.auto());

        assertThat(diagnosis.works()).isTrue();
        assertThat(of(Check.DATA, diagnosis).code()).isEqualTo("data-sends");
        assertThat(diagnosis.probes()).hasSize(1);
        assertThat(home.resolve("hub")).doesNotExist();
    }

    @Test
    void whoeverHandsOutBytesItselfIsNotAskedForAnAddress() {
        Diagnosis diagnosis = engine(origin.handing(WEIGHTS).breaking(new AssertionError("asked for an address")))
                .examine(SourceChoice.auto());

        assertThat(diagnosis.works()).isTrue();
        assertThat(diagnosis.findings()).noneMatch(finding -> finding.check() == Check.DATA);
    }

    @Test
    void codeThatBreaksIsAFindingLikeAnyOther() {
        FakeSource broken = FakeSource.mirror(host.url()).answering(() -> {
            throw new IllegalStateException("no idea");
        });

        Diagnosis diagnosis = engine(broken).examine(SourceChoice.auto());

        assertThat(diagnosis.works()).isFalse();
        assertThat(of(Check.API, diagnosis).code()).isEqualTo("api-broken");
    }

    @Test
    void oneThatWorksIsEnough() {
        FakeSource down = FakeSource.mirror(host.url()).refusing(new Verdict.Down("HTTP 503", true));

        Diagnosis diagnosis = engine(down, origin).examine(SourceChoice.auto());

        assertThat(diagnosis.works()).isTrue();
        assertThat(diagnosis.probes()).hasSize(2);
    }

    @Test
    void interruptingTheCallerEndsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        engine(FakeSource.mirror(host.url()).answering(() -> {
            asked.countDown();
            never.await();
            throw new SourceException(new Verdict.Down("late", false));
        }));
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                engine.examine(SourceChoice.auto());
            } catch (FetchException e) {
                end.set(e);
            }
        });
        caller.start();
        asked.await();

        caller.interrupt();
        caller.join();

        assertThat(end.get()).isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void whatIsClosedExaminesNothing() {
        engine(origin).close();

        assertThatExceptionOfType(FetchException.Cancelled.class).isThrownBy(() -> engine.examine(SourceChoice.auto()));
    }

    @Test
    void aSourceThatDoesNotExistIsAMistake() {
        engine(origin);

        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> engine.examine(SourceChoice.only("nowhere")));
    }
}
