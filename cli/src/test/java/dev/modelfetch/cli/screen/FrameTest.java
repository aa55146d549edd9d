package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final int COLUMNS = 80;

    private final Frame frame = new Frame();

    @Test
    void newLinesStandWhereTheOldOnesStood() {
        String text = "before\n" + frame.replacedBy(List.of("aaaa", "b"), COLUMNS)
                + frame.replacedBy(List.of("c", "d", "e"), COLUMNS);

        assertThat(Terminal.shows(text)).containsExactly("before", "c", "d", "e");
    }

    @Test
    void fewerLinesLeaveNothingOfTheLongerFrame() {
        String text = frame.replacedBy(List.of("a", "b", "c"), COLUMNS) + frame.replacedBy(List.of("d"), COLUMNS);

        assertThat(Terminal.shows(text)).containsExactly("d");
    }

    @Test
    void erasingLeavesTheCursorWhereTheFrameBegan() {
        String text = "before\n" + frame.replacedBy(List.of("a", "b"), COLUMNS) + frame.erased(COLUMNS) + "after";

        assertThat(Terminal.shows(text)).containsExactly("before", "after");
    }

    @Test
    void erasingNothingSendsNothing() {
        assertThat(frame.erased(COLUMNS)).isEmpty();
    }

    @Test
    void aNarrowerWindowHasBrokenTheOldLinesIntoMoreRows() {
        String wide = "before\n" + frame.replacedBy(List.of("aaaaaaaaaa", "bbbb"), COLUMNS);
        String broken = "before\naaaa\naaaa\naa\nbbbb\n";

        String next = frame.replacedBy(List.of("ccc", "ddd"), 4);

        assertThat(Terminal.shows(wide)).containsExactly("before", "aaaaaaaaaa", "bbbb");
        assertThat(Terminal.shows(broken + next)).containsExactly("before", "ccc", "ddd");
    }

    @Test
    void inANarrowerWindowNothingOfTheFrameIsLeftEither() {
        frame.replacedBy(List.of("aaaaaaaaaa", "模型模"), COLUMNS);

        assertThat(Terminal.shows("before\naaaa\naaaa\naa\n模型\n模\n" + frame.erased(4) + "after"))
                .containsExactly("before", "after");
    }

    @Test
    void whileItIsDrawnLinesAreCutAndAfterwardsTheyWrapAgain() {
        assertThat(frame.replacedBy(List.of("a"), COLUMNS)).isEqualTo("\u001b[?7la\u001b[K\n\u001b[?7h");
    }
}
