package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BarsTest {

    private static final Messages ENGLISH = Messages.english();

    private static Board busy(int files, String name) {
        Board board = new Board(Samples.NOON);
        board.accept(Samples.resolved(Identity.SAME, files + 2, 1_000_000_000L * files));
        for (int i = 0; i < files; i++) {
            String path = name.formatted(i);
            board.accept(new FetchEvent.FileStarted(Samples.NOON, path, 1_000_000_000, 0, "modelscope"));
            board.accept(Samples.progress(4, path, 400_000_000L, 1_000_000_000));
        }
        return board;
    }

    static IntStream widths() {
        return IntStream.rangeClosed(20, 200);
    }

    @ParameterizedTest
    @MethodSource("widths")
    void noLineIsAsWideAsTheTerminal(int columns) {
        for (String name : List.of("model-%05d-of-00163.safetensors", "权重/模型-第%d部分-非常非常非常非常非常长的名字.safetensors")) {
            for (Messages messages : List.of(ENGLISH, Messages.chinese())) {
                List<String> lines = Bars.lines(busy(12, name), columns, Samples.at(4), messages);

                assertThat(lines)
                        .hasSize(10)
                        .allSatisfy(line -> assertThat(Cells.width(line)).isLessThan(columns));
                assertThat(lines.get(0)).startsWith(" 40%");
            }
        }
    }

    @Test
    void eightyColumnsShowBarAmountRateAndTimeLeft() {
        List<String> lines = Bars.lines(busy(1, "model.safetensors"), 80, Samples.at(4), ENGLISH);

        assertThat(lines)
                .containsExactly(
                        " 40% [========>              ]  400.0 MB/1.0 GB  100.0 MB/s     0:06  0/3 files",
                        "  model.safetensors           40% [===>        ]  mirror  100.0 MB/s     1.0 GB");
    }

    @Test
    void twentyColumnsStillShowNameAndPercent() {
        assertThat(Bars.lines(busy(1, "model.safetensors"), 20, Samples.at(4), ENGLISH))
                .containsExactly(" 40% [===>        ]", "  mo..rs  40%");
    }

    @Test
    void filesBeyondTheEighthAreCounted() {
        assertThat(Bars.lines(busy(11, "f%d"), 80, Samples.at(4), ENGLISH))
                .hasSize(10)
                .last()
                .isEqualTo("  and 3 more");
    }

    @Test
    void beforeASourceIsChosenTheWaitIsShown() {
        Board board = new Board(Samples.NOON);
        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.usable("mirror", 20)));

        assertThat(Bars.lines(board, 80, Samples.at(1.5), ENGLISH))
                .containsExactly("asking the sources: 1 answered, 1.50 s");
    }

    @Test
    void withoutSpeedThereIsNoTimeLeft() {
        assertThat(Bars.lines(busy(1, "f"), 80, Samples.at(3600 * 24 * 365), ENGLISH)
                        .get(0))
                .contains("-:--");
    }

    @Test
    void aNameCannotSteerTheTerminal() {
        assertThat(Bars.lines(busy(1, "a\u001b[2Jb"), 80, Samples.at(4), ENGLISH))
                .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }

    @Test
    void anEmptyFileIsComplete() {
        Board board = new Board(Samples.NOON);
        board.accept(Samples.resolved(Identity.SAME, 1, 0));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "empty", 0, 0, "mirror"));

        assertThat(Bars.lines(board, 80, Samples.at(1), ENGLISH)).allMatch(line -> line.contains("100%"));
    }
}
