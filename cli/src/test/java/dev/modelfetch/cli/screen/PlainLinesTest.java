package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainLinesTest {

    private final Board board = new Board(Samples.NOON);
    private final PlainLines lines = new PlainLines(Messages.english(), new LogTime(ZoneOffset.UTC));
    private final List<String> said = new ArrayList<>();

    private void hear(FetchEvent event) {
        board.accept(event);
        lines.after(event, board).map(Line::text).ifPresent(said::add);
    }

    private void begin(long size) {
        hear(Samples.resolved(Identity.SAME, 1, size));
        hear(new FetchEvent.FileStarted(Samples.NOON, "a", size, 0, "mirror"));
    }

    @Test
    void fivePerCentAreALine() {
        begin(999);
        for (int second = 1; second <= 10; second++) {
            hear(Samples.progress(second, "a", second * 10L, 999));
        }

        assertThat(said)
                .containsExactly(
                        "12:00:05  5%  50 of 999 B  10 B/s  0/1 files",
                        "12:00:10  10%  100 of 999 B  10 B/s  0/1 files");
    }

    @Test
    void tenSecondsAreALineEvenWithoutPerCent() {
        begin(1_000_000);
        for (int second = 1; second <= 30; second++) {
            hear(Samples.progress(second, "a", second, 1_000_000));
        }

        assertThat(said).hasSize(3).allMatch(line -> line.contains("  0%  "));
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeItSilent() {
        begin(999);
        hear(Samples.progress(1, "a", 60, 999));
        hear(Samples.progress(-3600, "a", 120, 999));
        for (int second = 1; second <= 10; second++) {
            hear(Samples.progress(second - 3600, "a", 120 + second * 10L, 999));
        }

        assertThat(said)
                .containsExactly(
                        "12:00:01  6%  60 of 999 B  60 B/s  0/1 files",
                        "11:00:00  12%  120 of 999 B  0/1 files",
                        "11:00:03  15%  150 of 999 B  10 B/s  0/1 files",
                        "11:00:08  20%  200 of 999 B  10 B/s  0/1 files");
    }

    @Test
    void inSilenceALineEveryTenSecondsSaysHowLongNothingHasCome() {
        begin(999);
        hear(Samples.progress(2, "a", 480, 999));
        for (int second = 3; second <= 32; second++) {
            hear(Samples.progress(second, "a", 480, 999, new String[0]));
        }

        assertThat(said)
                .containsExactly(
                        "12:00:02  48%  480 of 999 B  480 B/s  0/1 files",
                        "12:00:12  48%  480 of 999 B  no data for 10 s  0/1 files",
                        "12:00:22  48%  480 of 999 B  no data for 20 s  0/1 files",
                        "12:00:32  48%  480 of 999 B  no data for 30 s  0/1 files");
    }

    @Test
    void whileTheJobWaitsTheLinesSayForWhom() {
        begin(999);
        hear(Samples.progress(2, "a", 480, 999));
        hear(Samples.away(5, 2));
        hear(Samples.away(12, 2));

        assertThat(said)
                .last()
                .isEqualTo("12:00:12  48%  480 of 999 B  "
                        + "no data for 10 s (huggingface: name not found; mirror: connection refused)  0/1 files");
    }

    @Test
    void hashingOfWhatIsHereIsNotSilence() {
        begin(999);
        for (int second = 1; second <= 10; second++) {
            hear(new FetchEvent.Hashing(Samples.at(second), "a", second * 50L, 999));
        }

        assertThat(said).containsExactly("12:00:10  checking what is here 50%  500 of 999 B  50 B/s");
    }

    @Test
    void whatOnlyHasToBeVerifiedIsNotSilenceEitherAndNotAHundredPerCent() {
        begin(999);
        hear(Samples.progress(2, "a", 999, 999));
        for (int second = 3; second <= 12; second++) {
            hear(Samples.progress(second, "a", 999, 999, new String[0]));
        }

        assertThat(said)
                .containsExactly(
                        "12:00:02  99%  999 of 999 B  999 B/s  0/1 files",
                        "12:00:12  99%  999 of 999 B  verifying  0/1 files");
    }

    @Test
    void aQuickJobDoesNotFloodTheLog() {
        begin(1000);
        for (int step = 1; step <= 100; step++) {
            hear(Samples.progress(step / 100.0, "a", step * 10L, 1000));
        }

        assertThat(said).hasSize(1);
    }

    @Test
    void probesAreNotProgress() {
        hear(new FetchEvent.Probed(Samples.at(60), Samples.usable("mirror", 5)));

        assertThat(said).isEmpty();
    }
}
