package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {

    private final Frame frame = new Frame();

    @Test
    void newLinesStandWhereTheOldOnesStood() {
        String text = "before\n" + frame.replacedBy(List.of("aaaa", "b")) + frame.replacedBy(List.of("c", "d", "e"));

        assertThat(Terminal.shows(text)).containsExactly("before", "c", "d", "e");
    }

    @Test
    void fewerLinesLeaveNothingOfTheLongerFrame() {
        String text = frame.replacedBy(List.of("a", "b", "c")) + frame.replacedBy(List.of("d"));

        assertThat(Terminal.shows(text)).containsExactly("d");
    }

    @Test
    void erasingLeavesTheCursorWhereTheFrameBegan() {
        String text = "before\n" + frame.replacedBy(List.of("a", "b")) + frame.erased() + "after";

        assertThat(Terminal.shows(text)).containsExactly("before", "after");
    }

    @Test
    void erasingNothingSendsNothing() {
        assertThat(frame.erased()).isEmpty();
    }
}
