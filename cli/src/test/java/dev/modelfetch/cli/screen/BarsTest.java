package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BarsTest {

    private static final Messages ENGLISH = Messages.english();
    private static final String CHINESE_NAME = "权重/模型-第%d部分-非常非常非常非常非常长的名字.safetensors";

    private final Board board = new Board(Samples.NOON);

    /** A job in its fifth second: files of a gigabyte, each 40 per cent there; two sources send, one does not answer. */
    private void busy(int files, String name) {
        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.usable("modelscope", 20)));
        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.usable("mirror", 60)));
        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.down("huggingface", 2000)));
        board.accept(Samples.resolved(Identity.SAME, files, 1_000_000_000L * files));
        for (int second = 0; second <= 5; second++) {
            for (int i = 0; i < files; i++) {
                board.accept(Samples.progress(
                        second,
                        name.formatted(i),
                        second * 80_000_000L,
                        1_000_000_000,
                        i % 2 == 0 ? new String[] {"modelscope", "mirror"} : new String[] {"modelscope"}));
            }
        }
    }

    private List<String> shown(Progress progress, int columns, int rows, double second, Messages messages) {
        return Bars.lines(board, progress, new Size(columns, rows), Samples.at(second), messages);
    }

    private List<String> shown(int columns, double second) {
        return shown(Progress.BAR, columns, 24, second, ENGLISH);
    }

    static IntStream widths() {
        return IntStream.rangeClosed(10, 200);
    }

    @ParameterizedTest
    @MethodSource("widths")
    void noLineIsAsWideAsTheTerminalAndThereAreSixAtMost(int columns) {
        busy(12, CHINESE_NAME);
        for (Messages messages : List.of(ENGLISH, Messages.chinese())) {
            for (double second : new double[] {5, 30}) {
                assertThat(shown(Progress.BAR, columns, 24, second, messages))
                        .hasSizeBetween(1, 6)
                        .allSatisfy(line -> assertThat(Cells.width(line)).isLessThan(columns));
                assertThat(shown(Progress.FILES, columns, 24, second, messages))
                        .hasSize(11)
                        .allSatisfy(line -> assertThat(Cells.width(line)).isLessThan(columns));
            }
            board.accept(Samples.away(8, 5));
            assertThat(shown(Progress.BAR, columns, 24, 40, messages))
                    .hasSizeBetween(1, 6)
                    .allSatisfy(line -> assertThat(Cells.width(line)).isLessThan(columns));
            board.accept(Samples.back(9, 5));
        }
    }

    @Test
    void eightyColumnsShowTheJobAndEachSource() {
        busy(2, "model-0000%d.safetensors");

        assertThat(shown(80, 5))
                .containsExactly(
                        "lab/tiny  0 of 2 files done, 2 running",
                        " 40% [===========>                    ]  0.8 of 2.0 GB  160.0 MB/s     8 s left",
                        "  modelscope   120.0 MB/s  2 files",
                        "  mirror        40.0 MB/s  1 file",
                        "  huggingface  connect timed out");
    }

    @Test
    void fiftyColumnsHaveNoBar() {
        busy(2, "model-0000%d.safetensors");

        assertThat(shown(50, 5))
                .containsExactly(
                        "lab/tiny  0 of 2 files done, 2 running",
                        " 40%  0.8 of 2.0 GB  160.0 MB/s     8 s left",
                        "  modelscope   120.0 MB/s  2 files",
                        "  mirror        40.0 MB/s  1 file",
                        "  huggingface  connect timed out");
    }

    @Test
    void thirtyColumnsHaveNoSources() {
        busy(2, "model-0000%d.safetensors");

        assertThat(shown(30, 5))
                .containsExactly(
                        "lab/tiny  0 of 2 files done", " 40%  160.0 MB/s      8 s left".replace("     8", "    8"));
    }

    @Test
    void aSingleFileIsNamedWithItsVersion() {
        busy(1, "model.safetensors");

        assertThat(shown(80, 5)).first().isEqualTo("lab/tiny  master 0123456  model.safetensors");
        assertThat(shown(80, 5)).element(2).isEqualTo("  modelscope    40.0 MB/s");
    }

    @Test
    void theTotalIsTheLastToGoInALowWindow() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.away(8, 5));

        assertThat(shown(Progress.BAR, 80, 2, 42, ENGLISH))
                .singleElement()
                .asString()
                .startsWith(" 40% [");
        assertThat(shown(Progress.BAR, 80, 4, 42, ENGLISH))
                .hasSize(3)
                .first()
                .asString()
                .startsWith(" 40% [");
    }

    @Test
    void beforeThereIsARateItsPlaceIsBlank() {
        board.accept(Samples.resolved(Identity.SAME, 1, 1000));
        board.accept(Samples.progress(0.5, "a", 10, 1000));

        assertThat(shown(80, 0.6)).element(1).asString().endsWith("]  0.0 of 1.0 kB");
    }

    @Test
    void columnsStayWhereTheyAreForAWholeRun() {
        board.accept(Samples.resolved(Identity.SAME, 2, 65_500_000_000L));
        List<String> totals = new ArrayList<>();
        List<String> files = new ArrayList<>();
        long done = 0;
        for (int second = 0; second < 200; second++) {
            long step = second < 100 ? 5_000L << (second / 5) : 300_000_000;
            done = second > 180 ? done : done + step;
            String[] sources =
                    second % 3 == 0 ? new String[] {"mirror", "modelscope", "huggingface"} : new String[] {"mirror"};
            board.accept(Samples.progress(second, "a", done, 65_500_000_000L, sources));
            totals.add(shown(Progress.FILES, 80, 24, second + 0.1, ENGLISH).get(1));
            files.add(shown(Progress.FILES, 80, 24, second + 0.1, ENGLISH).get(2));
        }

        for (List<String> lines : List.of(totals, files)) {
            for (ToIntFunction<String> place :
                    List.<ToIntFunction<String>>of(line -> line.indexOf('['), line -> line.indexOf(']'))) {
                assertThat(lines.stream().mapToInt(place).distinct()).hasSize(1);
            }
        }
        assertThat(totals.stream()
                        .filter(line -> line.contains("/s"))
                        .mapToInt(line -> line.indexOf("/s"))
                        .distinct())
                .hasSize(1);
        assertThat(totals).anyMatch(line -> line.contains("  0 B/s")).anyMatch(line -> line.contains("--:--"));
    }

    @Test
    void whileNothingComesTheWaitCountsByTheClock() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.away(38, 5));

        assertThat(shown(80, 45))
                .containsExactly(
                        " 40% [===========>                    ]  0.8 of 2.0 GB       0 B/s        --:--",
                        "  modelscope   silent for 40 s",
                        "  mirror       connection refused",
                        "  huggingface  name not found",
                        "network away for 0:40, next try in 1 s, gives up in 9:20",
                        "Ctrl-C keeps what is there");
        assertThat(shown(80, 47))
                .hasSize(6)
                .endsWith("network away for 0:42, trying now, gives up in 9:18", "Ctrl-C keeps what is there");
        assertThat(shown(50, 47))
                .hasSize(6)
                .endsWith("network away for 0:42, trying now, gives up in", "9:18; Ctrl-C keeps what is there");
    }

    @Test
    void inAWideWindowTheWaitIsOneLine() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.away(39, 5));

        assertThat(shown(100, 39))
                .hasSize(6)
                .last()
                .isEqualTo("network away for 0:34, next try in 8 s, gives up in 9:26; Ctrl-C keeps what is there");
        assertThat(shown(160, 39))
                .hasSize(6)
                .last()
                .isEqualTo("network away for 0:34 (huggingface: name not found; mirror: connection refused), "
                        + "next try in 8 s, gives up in 9:26; Ctrl-C keeps what is there");
    }

    @Test
    void inANarrowWindowTheWaitSaysItsCausesItself() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.away(39, 5));

        assertThat(shown(30, 39))
                .containsExactly(
                        " 40%       0 B/s        --:--",
                        "network away for 0:34",
                        "(huggingface: name not found;",
                        "mirror: connection refused),",
                        "next try in 8 s, gives up in",
                        "9:26");
    }

    @Test
    void aWaitBeforeAnybodyHasAnsweredIsShownToo() {
        board.accept(Samples.away(39, 5));

        assertThat(shown(80, 39))
                .first()
                .asString()
                .startsWith("network away for 0:34 (huggingface: name not found; mirror:");
    }

    @Test
    void aSourceThatWasLeftSaysWhyAndUntilWhen() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.left(5, "mirror", "too many requests"));

        assertThat(shown(80, 24)).contains("  mirror       too many requests, again in 41 s");
        assertThat(shown(80, 66)).contains("  mirror       tried again");
    }

    @Test
    void aSourceThatIsLeftForGoodHasNoTimeToWaitFor() {
        busy(2, "model-0000%d.safetensors");
        board.accept(new FetchEvent.SourceLeft(Samples.at(5), "mirror", "m.example", "wrong bytes", Instant.MAX));

        assertThat(shown(80, 24)).contains("  mirror       wrong bytes");
    }

    @Test
    void aSourceThatHasNothingToDoIsNotBlamed() {
        busy(2, "model-0000%d.safetensors");
        board.accept(Samples.progress(6, "model-00000.safetensors", 500_000_000, 1_000_000_000, "modelscope"));

        assertThat(shown(80, 9)).contains("  mirror       not needed now");
    }

    @Test
    void sourcesThatBringNothingGiveWayToThoseThatDo() {
        busy(2, "model-0000%d.safetensors");

        assertThat(shown(Progress.BAR, 80, 4, 5, ENGLISH))
                .extracting(line -> line.substring(0, 12))
                .containsExactly(" 40% [======", "  modelscope", "  mirror    ");
    }

    @Test
    void manySmallFilesAreCountedAsFiles() {
        board.accept(Samples.resolved(Identity.SAME, 3_002, 12_000_000));
        for (int file = 0; file < 1_498; file++) {
            double second = file / 175.0;
            board.accept(new FetchEvent.FileStarted(Samples.at(second), "f" + file, 4_000, 0, "mirror"));
            board.accept(new FetchEvent.FileDone(
                    Samples.at(second), Samples.item("f" + file, 4_000, Verification.SELF, "mirror")));
        }

        assertThat(shown(80, 8.56))
                .containsExactly(
                        "lab/tiny  master 0123456",
                        " 49% [===========>             ]  1,498 of 3,002 files       175/s     9 s left",
                        "  mirror       699.2 kB/s");
    }

    @Test
    void hashingOfWhatIsHereHasALineOfItsOwn() {
        board.accept(Samples.resolved(Identity.SAME, 1, 13_200_000_000L));
        for (int tenth = 0; tenth <= 40; tenth++) {
            board.accept(new FetchEvent.Hashing(Samples.at(tenth / 10.0), "a", tenth * 110_000_000L, 13_200_000_000L));
        }

        assertThat(shown(80, 4))
                .containsExactly("checking what is here  33% [=>      ]   4.4 of 13.2 GB    1.1 GB/s     8 s left");
        assertThat(shown(50, 4)).containsExactly("checking what is here  33%    1.1 GB/s");
    }

    @Test
    void verificationThatLagsBehindIsALighterPartOfTheBar() {
        board.accept(Samples.resolved(Identity.SAME, 1, 1_000_000_000));
        board.accept(Samples.progress(0, "a", 0, 1_000_000_000));
        board.accept(Samples.progress(2, "a", 1_000_000_000, 1_000_000_000));
        board.accept(new FetchEvent.Hashing(Samples.at(4), "a", 800_000_000, 1_000_000_000));

        assertThat(shown(80, 5))
                .element(1)
                .isEqualTo(" 99% [=========================-------]  1.0 of 1.0 GB                verifying");
    }

    @Test
    void rowsMayBeFiles() {
        busy(11, "model-%05d.safetensors");

        assertThat(shown(Progress.FILES, 80, 24, 5, ENGLISH))
                .hasSize(11)
                .startsWith(
                        "lab/tiny  0 of 11 files done, 11 running",
                        " 40% [===========>                  ]   4.4 of 11.0 GB  880.0 MB/s     8 s left",
                        "  model-00000.safetensors     40% [=>     ]   80.0 MB/s    1.0 GB  model..irror")
                .last()
                .isEqualTo("  and 3 more");
        assertThat(shown(Progress.FILES, 80, 6, 5, ENGLISH)).hasSize(5).last().isEqualTo("  and 8 more");
    }

    @Test
    void aFileThatIsThereIsNotShownAmongThoseInFlight() {
        busy(2, "model-%05d.safetensors");
        board.accept(Samples.progress(6, "model-00000.safetensors", 1_000_000_000, 1_000_000_000));

        assertThat(shown(Progress.FILES, 80, 24, 6, ENGLISH))
                .hasSize(3)
                .noneMatch(line -> line.contains("model-00000"));
    }

    @Test
    void beforeASourceIsChosenTheWaitIsShown() {
        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.down("huggingface", 20)));
        assertThat(shown(80, 1.5)).containsExactly("asking the sources: 1 answered, 1.50 s");

        board.accept(new FetchEvent.Probed(Samples.NOON, Samples.usable("mirror", 20)));
        assertThat(shown(80, 1.5)).containsExactly("reading the list of files: 2 answered, 1.50 s");
    }

    @Test
    void aNameCannotSteerTheTerminal() {
        busy(1, "a\u001b[2Jb");
        board.accept(Samples.left(5, "mirror\u001b[2J", "x\u001b[2Jy"));

        for (Progress progress : List.of(Progress.BAR, Progress.FILES)) {
            assertThat(shown(progress, 80, 24, 5, ENGLISH))
                    .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
        }
    }

    @Test
    void bothLanguagesHaveTheSameLayout() {
        busy(2, "model-0000%d.safetensors");

        assertThat(shown(Progress.BAR, 80, 24, 5, Messages.chinese()))
                .containsExactly(
                        "lab/tiny  共 2 个文件，已完成 0 个，2 个进行中",
                        " 40% [===========>                    ]  0.8/2.0 GB  160.0 MB/s      剩 8 秒",
                        "  modelscope   120.0 MB/s  2 个文件",
                        "  mirror        40.0 MB/s  1 个文件",
                        "  huggingface  connect timed out");
    }
}
