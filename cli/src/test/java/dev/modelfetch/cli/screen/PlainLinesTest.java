package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainLinesTest {

    private final Board board = new Board(Samples.NOON);
    private final PlainLines lines = new PlainLines(Messages.english());
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
        begin(1000);
        for (int second = 1; second <= 10; second++) {
            hear(Samples.progress(second, "a", second * 10L, 1000));
        }

        assertThat(said)
                .containsExactly("5%  50 B of 1.0 kB  10 B/s  0/1 files", "10%  100 B of 1.0 kB  10 B/s  0/1 files");
    }

    @Test
    void tenSecondsAreALineEvenWithoutPerCent() {
        begin(1_000_000);
        for (int second = 1; second <= 30; second++) {
            hear(Samples.progress(second, "a", second, 1_000_000));
        }

        assertThat(said).hasSize(3).allMatch(line -> line.startsWith("0%"));
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeItSilent() {
        begin(1000);
        hear(Samples.progress(1, "a", 60, 1000));
        hear(Samples.progress(-3600, "a", 120, 1000));
        for (int second = 1; second <= 10; second++) {
            hear(Samples.progress(second - 3600, "a", 120 + second * 10L, 1000));
        }

        assertThat(said)
                .containsExactly(
                        "6%  60 B of 1.0 kB  60 B/s  0/1 files",
                        "12%  120 B of 1.0 kB  0 B/s  0/1 files",
                        "15%  150 B of 1.0 kB  10 B/s  0/1 files",
                        "20%  200 B of 1.0 kB  10 B/s  0/1 files");
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
