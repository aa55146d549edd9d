package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {

    private final Deque<Optional<Size>> answers = new ArrayDeque<>();
    private final Window window = new Window(new Size(80, 24), answers::remove);

    @Test
    void theTerminalIsAskedOnlyAfterItHasChanged() {
        assertThat(window.size()).isEqualTo(new Size(80, 24));
        answers.add(Optional.of(new Size(50, 20)));
        window.changed();

        assertThat(window.size()).isEqualTo(new Size(50, 20));
        assertThat(window.size()).isEqualTo(new Size(50, 20));
    }

    @Test
    void aTerminalThatDoesNotTellStaysAsItWas() {
        answers.add(Optional.empty());
        window.changed();

        assertThat(window.size()).isEqualTo(new Size(80, 24));
    }

    @Test
    void rowsComeBeforeColumns() {
        assertThat(Window.parse("24 80\n")).contains(new Size(80, 24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 0\n", "24 0\n", "stty: 'standard input': not a terminal", "24 80 1", "-1 80"})
    void whatIsNoSizeIsNone(String text) {
        assertThat(Window.parse(text)).isEmpty();
    }

    @Test
    void whoSetsTheVariableWantsThatWidth() {
        assertThat(Console.window("120", "44", answers::remove).size().columns())
                .isEqualTo(44);
        Window fixed = Console.window("120", "44", answers::remove);
        fixed.changed();
        assertThat(fixed.size().columns()).isEqualTo(44);
    }

    @Test
    void otherwiseTheLauncherKnowsElseItIsAsUsual() {
        assertThat(Console.window("120", null, answers::remove).size().columns())
                .isEqualTo(120);
        for (String nonsense : List.of("", "0", "wide", "12345")) {
            assertThat(Console.window(nonsense, nonsense, answers::remove).size())
                    .isEqualTo(new Size(80, 24));
        }
    }
}
