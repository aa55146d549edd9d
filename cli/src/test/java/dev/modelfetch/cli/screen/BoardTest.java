package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchResult;
import dev.modelfetch.Identity;
import dev.modelfetch.Verification;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {

    private final Board board = new Board(Samples.NOON);

    private static FetchEvent done(String path, long size) {
        return new FetchEvent.FileDone(Samples.NOON, Samples.item(path, size, Verification.SELF, "mirror"));
    }

    @Test
    void bytesAreThoseOfFinishedAndUnfinishedFilesTogether() {
        board.accept(Samples.resolved(Identity.SAME, 3, 1000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 600, 100, "mirror"));
        board.accept(Samples.progress(1, "a", 300, 600));
        board.accept(done("b", 200));

        assertThat(board.bytesDone()).isEqualTo(500);
        assertThat(board.bytes()).isEqualTo(1000);
        assertThat(board.filesDone()).isEqualTo(1);
        assertThat(board.files()).isEqualTo(3);
    }

    @Test
    void aFinishedFileLeavesTheListOfActiveOnes() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 600, 0, "mirror"));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "b", 10, 0, "mirror"));
        board.accept(done("a", 600));

        assertThat(board.active()).extracting(Board.Row::path).containsExactly("b");
    }

    @Test
    void bytesOfAnEarlierRunDoNotCountAsSpeed() {
        board.accept(Samples.resolved(Identity.SAME, 1, 1_000_000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1_000_000, 900_000, "mirror"));
        board.accept(Samples.progress(2, "a", 950_000, 1_000_000));

        assertThat(board.rate(Samples.at(2))).isCloseTo(25_000, within(1.0));
    }

    @Test
    void filesThatWereThereBeforeDoNotCountAsSpeed() {
        board.accept(Samples.resolved(Identity.SAME, 1, 5000));
        board.accept(new FetchEvent.FileDone(
                Samples.at(1),
                new FetchResult.Item("a", 5000, Samples.SHA, List.of("cache"), Verification.ORIGIN, true)));

        assertThat(board.bytesDone()).isEqualTo(5000);
        assertThat(board.rate(Samples.at(1))).isZero();
    }

    @Test
    void rangesThatAreThrownAwayTakeTheBarBackButNotTheSpeed() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1000, 0, "mirror"));
        board.accept(Samples.progress(1, "a", 1000, 1000));
        board.accept(Samples.progress(2, "a", 400, 1000));

        assertThat(board.bytesDone()).isEqualTo(400);
        assertThat(board.rate(Samples.at(2))).isCloseTo(500, within(1.0));
    }

    @Test
    void aSwitchChangesTheSourceThatIsShown() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1000, 0, "mirror"));
        board.accept(new FetchEvent.SourceSwitched(Samples.NOON, "a", "mirror", "modelscope", "slow"));

        assertThat(board.active()).extracting(Board.Row::source).containsExactly("modelscope");
    }

    @Test
    void theSpeedIsThatOfTheLastSecondsAndFallsInSilence() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 10_000, 0, "mirror"));
        for (int second = 1; second <= 60; second++) {
            board.accept(Samples.progress(second, "a", second <= 30 ? second : 30 + (second - 30) * 100, 10_000));
        }

        assertThat(board.rate(Samples.at(60))).isCloseTo(100, within(1.0));
        assertThat(board.rate(Samples.at(120))).isLessThan(20);
    }
}
