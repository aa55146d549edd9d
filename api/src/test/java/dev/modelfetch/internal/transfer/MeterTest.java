package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.Recorder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeterTest {

    private static final RepoFile FILE = Bytes.large("model.bin", Bytes.random(1_000, 1));

    private final AtomicLong clock = new AtomicLong();
    private final Recorder recorder = new Recorder();
    private final Meter meter = new Meter(recorder.events(), clock::get, FILE, 100, new Tally(1_000));

    @Test
    void progressIsToldTenTimesASecondAndAtTheEnd() {
        meter.received(100, "mirror");
        clock.addAndGet(Limits.PROGRESS.toNanos());
        meter.received(100, "mirror");
        meter.received(100, "mirror");
        meter.received(600, "huggingface");

        assertThat(recorder.all(FetchEvent.Progress.class))
                .extracting(FetchEvent.Progress::done, FetchEvent.Progress::sources)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(300L, List.of("mirror")),
                        org.assertj.core.groups.Tuple.tuple(1_000L, List.of("huggingface", "mirror")));
    }

    @Test
    void everyByteIsToldOnceAsThatOfItsSource() {
        meter.received(100, "mirror");
        meter.received(50, "huggingface");
        clock.addAndGet(Limits.PROGRESS.toNanos());
        meter.received(100, "mirror");
        meter.restart(0);
        clock.addAndGet(Limits.PROGRESS.toNanos());
        meter.received(30, "mirror");
        clock.addAndGet(Limits.HEARTBEAT.toNanos());
        meter.beat();

        assertThat(recorder.all(FetchEvent.Progress.class))
                .extracting(FetchEvent.Progress::received)
                .containsExactly(Map.of("mirror", 200L, "huggingface", 50L), Map.of("mirror", 30L), Map.of());
    }

    @Test
    void whatWasThrownAwayIsNotThere() {
        meter.received(200, "mirror");
        meter.restart(0);
        clock.addAndGet(Limits.PROGRESS.toNanos());
        meter.received(50, "mirror");

        assertThat(recorder.all(FetchEvent.Progress.class))
                .extracting(FetchEvent.Progress::done)
                .containsExactly(50L);
    }
}
