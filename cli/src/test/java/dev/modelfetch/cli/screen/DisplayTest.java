package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.CheckProgress;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Verification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DisplayTest {

    private static final String AWAY =
            "network away for 0:03 (huggingface: name not found; mirror: connection refused), "
                    + "next try in 8 s, gives up in 9:57";
    private static final String BACK = "back after 0:43: modelscope answers";

    /** A job that loses the network for 43 seconds. */
    private static final List<FetchEvent> LOST = List.of(
            Samples.resolved(Identity.SAME, 1, 999),
            Samples.joined(0, "mirror"),
            Samples.away(3, 0),
            Samples.away(4, 0),
            Samples.left(5, "mirror", "connection refused"),
            Samples.back(43, 0));

    private final MemoryConsole screen = new MemoryConsole();

    private List<String> heard(Progress progress, boolean verbose, List<FetchEvent> events) {
        // Not begun, so that nothing is painted in between.
        try (Display display = new Display(
                screen.console(),
                Messages.english(),
                progress,
                false,
                verbose,
                Clock.fixed(Samples.NOON, ZoneOffset.UTC),
                ZoneOffset.UTC)) {
            events.forEach(display::onEvent);
        }
        return screen.err().lines().skip(1).toList();
    }

    @Test
    void inALogTheWaitHasOneLineAtEachEnd() {
        assertThat(heard(Progress.PLAIN, false, LOST))
                .containsExactly(
                        "12:00:03  " + AWAY,
                        "12:00:05  note: mirror is left for now: connection refused",
                        "12:00:43  " + BACK,
                        "12:00:43  0%  0 of 999 B  0/1 files");
    }

    @Test
    void withoutProgressTheWaitIsToldTheSameWay() {
        assertThat(heard(Progress.NONE, false, LOST))
                .containsExactly(AWAY, "note: mirror is left for now: connection refused", BACK);
    }

    @Test
    void whereTheWaitIsSeenCountingItIsNotToldAsWell() {
        for (Progress progress : List.of(Progress.BAR, Progress.FILES)) {
            assertThat(heard(progress, false, LOST))
                    .noneMatch(line -> line.contains("network") || line.contains("back"));
        }
    }

    @Test
    void theCuriousHearOfItNevertheless() {
        assertThat(heard(Progress.BAR, true, LOST)).contains(AWAY, BACK);
    }

    @Test
    void anotherProcessIsWaitedForInTheSameWordsAsEver() {
        FetchEvent waiting = new FetchEvent.Waiting(
                Samples.at(5), Samples.at(3), null, null, Map.of("cache", "another process is fetching a"));

        assertThat(heard(Progress.BAR, false, List.of(Samples.resolved(Identity.SAME, 1, 999), waiting)))
                .containsExactly("waiting: another process is fetching a");
    }

    /** What an offline job tells is for programs; people read its summary. */
    @Test
    void whatTheStoreAnswersTakesNoLineOfAnyScreen() {
        List<FetchEvent> stored = List.of(
                Samples.stored(),
                new FetchEvent.FileDone(Samples.at(2), Samples.item("a", 9, Verification.SELF, "cache")),
                new FetchEvent.FileDone(Samples.at(4), Samples.item("b", 90, Verification.SELF, "cache")),
                new FetchEvent.Done(Samples.at(4), Samples.result()));
        for (Progress progress : List.of(Progress.PLAIN, Progress.NONE, Progress.BAR, Progress.FILES)) {
            heard(progress, false, stored);
            assertThat(screen.err()).as(progress.name()).isEmpty();
        }
        assertThat(heard(Progress.JSON, false, stored)).hasSize(3);
    }

    private static CheckProgress checked(long done) {
        return new CheckProgress(CacheSamples.repo("model/lab/tiny"), "model.safetensors", done, 4_000_000_000L);
    }

    private Display display(Progress progress, Clock clock) {
        return new Display(screen.console(), Messages.english(), progress, false, false, clock, ZoneOffset.UTC);
    }

    @Test
    void theHashingOfACacheHasALineInALogNowAndThen() {
        SteppingClock clock = new SteppingClock();
        try (Display display = display(Progress.PLAIN, clock)) {
            Consumer<CheckProgress> checks = display.checks();
            checks.accept(checked(0));
            clock.add(Duration.ofMillis(500));
            checks.accept(checked(1_000_000_000L));
            clock.add(Duration.ofMillis(500));
            checks.accept(checked(2_000_000_000L));
            clock.add(Duration.ofSeconds(9));
            checks.accept(checked(2_000_000_001L));
            clock.add(Duration.ofSeconds(1));
            checks.accept(checked(2_000_000_002L));
        }

        assertThat(screen.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("12:00:01  checking what is here 50%  2.0 of 4.0 GB"),
                        line -> assertThat(line).startsWith("12:00:11  checking what is here 50%  2.0 of 4.0 GB"));
    }

    @Test
    void theHashingOfACacheIsAnEventForPrograms() {
        try (Display display = display(Progress.JSON, Clock.fixed(Samples.NOON, ZoneOffset.UTC))) {
            display.checks().accept(checked(7));
        }

        assertThat(screen.err())
                .isEqualTo("{\"event\":\"checking\",\"at\":\"2026-11-21T12:00:00Z\",\"v\":1,\"id\":\"model/lab/tiny\","
                        + "\"path\":\"model.safetensors\",\"done\":7,\"size\":4000000000}\n");
    }

    @Test
    void theHashingOfACacheIsABarAndTheNameOfAFileInAnyWindow() {
        SteppingClock clock = new SteppingClock();
        // Not begun by its painter, so that nothing is painted in between.
        Display display = display(Progress.NONE, clock);
        Consumer<CheckProgress> checks = display.checks();
        assertThat(display.checkLines(new Size(80, 24))).isEmpty();
        checks.accept(checked(0));
        clock.add(Duration.ofSeconds(2));
        checks.accept(checked(1_000_000_000L));

        assertThat(display.checkLines(new Size(80, 24)))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("checking what is here  25% [", "1.0 of 4.0 GB", "500.0 MB/s"),
                        line -> assertThat(line).isEqualTo("  model/lab/tiny  model.safetensors"));
        for (int columns = 1; columns < 120; columns++) {
            int width = columns;
            assertThat(display.checkLines(new Size(columns, 24)))
                    .allSatisfy(line -> assertThat(Cells.width(line)).isLessThanOrEqualTo(Math.max(1, width - 1)));
        }
    }

    /** Stands still unless it is moved. */
    private static final class SteppingClock extends Clock {
        private Instant now = Samples.NOON;

        void add(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
