package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Identity;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        board.accept(Samples.progress(1, "a", 925_000, 1_000_000));
        board.accept(Samples.progress(2, "a", 950_000, 1_000_000));

        assertThat(rate(2)).isCloseTo(25_000, within(1.0));
    }

    @Test
    void filesThatWereThereBeforeDoNotCountAsSpeed() {
        board.accept(Samples.resolved(Identity.SAME, 1, 5000));
        board.accept(new FetchEvent.FileDone(
                Samples.at(1), new Snapshot.Item("a", 5000, Samples.SHA, List.of("cache"), Verification.ORIGIN, true)));

        assertThat(board.bytesDone()).isEqualTo(5000);
        assertThat(board.rate(Samples.at(1))).isEmpty();
    }

    @Test
    void rangesThatAreThrownAwayTakeTheBarBackButNotTheSpeed() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1000, 0, "mirror"));
        board.accept(Samples.progress(1, "a", 1000, 1000));
        board.accept(Samples.progress(2, "a", 400, 1000));

        assertThat(board.bytesDone()).isEqualTo(400);
        assertThat(rate(2)).isCloseTo(500, within(1.0));
    }

    @Test
    void aSwitchChangesTheSourceThatIsShown() {
        board.accept(Samples.progress(0, "a", 0, 1000, "mirror"));
        board.accept(new FetchEvent.SourceSwitched(Samples.NOON, "a", "mirror", "modelscope", "slow"));

        assertThat(board.active()).extracting(Board.Row::sources).containsExactly(List.of("modelscope"));
        assertThat(sender("mirror").files()).isZero();
        assertThat(sender("modelscope").files()).isEqualTo(1);
    }

    @Test
    void afterThreeSecondsWithoutAByteTheRateIsZeroAndNobodyKnowsHowLong() {
        board.accept(Samples.resolved(Identity.SAME, 1, 10_000));
        for (int second = 1; second <= 10; second++) {
            board.accept(Samples.progress(second, "a", second * 100L, 10_000));
        }
        board.accept(Samples.progress(12.9, "a", 1000, 10_000, new String[0]));

        assertThat(rate(12.9)).isPositive();
        assertThat(board.left(Samples.at(12.9))).isPresent();
        assertThat(rate(13)).isZero();
        assertThat(board.left(Samples.at(13))).isEmpty();
    }

    @Test
    void aWaitIsSilenceUntilSomethingHasComeAgain() {
        board.accept(Samples.resolved(Identity.SAME, 1, 10_000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 10_000, 0, "mirror"));
        board.accept(Samples.progress(2, "a", 1000, 10_000));
        board.accept(Samples.away(2.5, 2));
        assertThat(rate(2.5)).isZero();
        assertThat(board.waiting()).isPresent();

        board.accept(Samples.back(2.6, 2));
        assertThat(rate(2.6)).isPositive();
        assertThat(board.waiting()).isEmpty();
    }

    @Test
    void theTimeUntilSomethingComesAgainIsNotTransferTime() {
        board.accept(Samples.resolved(Identity.SAME, 1, 10_000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 10_000, 0, "mirror"));
        for (int second = 60; second <= 62; second++) {
            board.accept(Samples.progress(second, "a", (second - 59) * 100L, 10_000));
        }
        assertThat(rate(62)).isCloseTo(100, within(1.0));
        assertThat(board.left(Samples.at(62))).contains(Duration.ofSeconds(97));

        board.accept(Samples.progress(100, "a", 450, 10_000));
        board.accept(Samples.progress(101, "a", 600, 10_000));
        assertThat(rate(101)).isCloseTo(150, within(1.0));
    }

    @Test
    void aWaitForAnotherProcessIsNone() {
        board.accept(
                new FetchEvent.Waiting(Samples.at(5), Samples.NOON, null, null, Map.of("cache", "another process")));

        assertThat(board.waiting()).isEmpty();
    }

    @Test
    void theTimeLeftIsOfTheWholeJob() {
        board.accept(Samples.resolved(Identity.SAME, 2, 1000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 500, 0, "mirror"));
        for (int second = 1; second <= 5; second++) {
            board.accept(Samples.progress(second, "a", second * 20L, 500));
        }

        assertThat(board.left(Samples.at(5))).contains(Duration.ofSeconds(45));
    }

    @Test
    void ofManySmallFilesTheFilesAreCounted() {
        board.accept(Samples.resolved(Identity.SAME, 3_000, 12_000_000));
        for (int file = 0; file < 100; file++) {
            board.accept(new FetchEvent.FileStarted(Samples.at(file / 50.0), "f" + file, 4_000, 0, "mirror"));
            board.accept(new FetchEvent.FileDone(
                    Samples.at(file / 50.0), Samples.item("f" + file, 4_000, Verification.SELF, "mirror")));
        }

        assertThat(board.countsFiles()).isTrue();
        assertThat(board.percent()).isEqualTo(3);
        assertThat(board.filesPerSecond(Samples.at(2)).orElseThrow()).isCloseTo(50, within(1.0));
        assertThat(board.left(Samples.at(2)).orElseThrow().toSeconds()).isBetween(57L, 59L);
    }

    @Test
    void aFewFilesAndLargeOnesAreCountedByTheirBytes() {
        board.accept(Samples.resolved(Identity.SAME, 99, 99_000));
        assertThat(board.countsFiles()).isFalse();
        board.accept(Samples.resolved(Identity.SAME, 3_000, 60_000_000_000L));
        assertThat(board.countsFiles()).isFalse();
    }

    @Test
    void aHundredPerCentAreReachedWhenTheLastFileHasItsName() {
        board.accept(Samples.resolved(Identity.SAME, 1, 1000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1000, 0, "mirror"));
        board.accept(Samples.progress(1, "a", 1000, 1000));
        assertThat(board.percent()).isEqualTo(99);
        assertThat(board.received()).isTrue();

        board.accept(done("a", 1000));
        assertThat(board.percent()).isEqualTo(100);
        assertThat(board.received()).isFalse();
    }

    @Test
    void bytesOfSeveralSourcesAreSharedEvenly() {
        board.accept(Samples.progress(0, "a", 0, 10_000, "mirror", "modelscope"));
        board.accept(Samples.progress(0, "b", 0, 10_000, "modelscope"));
        for (int second = 1; second <= 5; second++) {
            board.accept(Samples.progress(second, "a", second * 200L, 10_000, "mirror", "modelscope"));
            board.accept(Samples.progress(second, "b", second * 50L, 10_000, "modelscope"));
        }

        assertThat(rateOf("mirror", 5)).isCloseTo(100, within(1.0));
        assertThat(rateOf("modelscope", 5)).isCloseTo(150, within(1.0));
        assertThat(sender("mirror").files()).isEqualTo(1);
        assertThat(sender("modelscope").files()).isEqualTo(2);
    }

    @Test
    void bytesWhoseSenderIsGoneAreTheirsWhoSentBefore() {
        board.accept(Samples.progress(0, "a", 0, 10_000, "mirror"));
        board.accept(Samples.progress(1, "a", 500, 10_000, new String[0]));

        assertThat(rateOf("mirror", 1)).isCloseTo(500, within(1.0));
        assertThat(sender("mirror").files()).isZero();
    }

    @Test
    void aSmallFileThatIsNeverInFlightCountsForWhoeverItCameFrom() {
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 500, 0, "modelscope"));
        board.accept(
                new FetchEvent.FileDone(Samples.at(1), Samples.item("a", 500, Verification.SELF, "cache", "mirror")));

        assertThat(rateOf("mirror", 1)).isCloseTo(500, within(1.0));
        assertThat(board.senders().all()).hasSize(1);
    }

    @Test
    void whoeverWasLeftIsBackWhenItSendsAgain() {
        board.accept(Samples.progress(1, "a", 0, 10_000, "mirror"));
        board.accept(Samples.left(2, "mirror", "reset"));
        assertThat(sender("mirror").left()).isPresent();
        // What had come before it was left.
        board.accept(Samples.progress(2.1, "a", 100, 10_000, new String[0]));
        assertThat(sender("mirror").left()).isPresent();
        assertThat(sender("mirror").brings(Samples.at(2.1))).isFalse();

        board.accept(Samples.progress(3, "a", 200, 10_000, "mirror"));
        assertThat(sender("mirror").left()).isEmpty();
        assertThat(sender("mirror").brings(Samples.at(3))).isTrue();
    }

    @Test
    void hashingOfWhatIsHereIsCountedApart() {
        board.accept(Samples.resolved(Identity.SAME, 2, 3000));
        for (int second = 1; second <= 5; second++) {
            board.accept(new FetchEvent.Hashing(Samples.at(second), "a", second * 100L, 1000));
            board.accept(new FetchEvent.Hashing(Samples.at(second), "b", second * 200L, 2000));
        }

        assertThat(board.onlyChecks(Samples.at(5))).isTrue();
        assertThat(board.checks().done()).isEqualTo(1500);
        assertThat(board.checks().size()).isEqualTo(3000);
        assertThat(board.checks().rate(Samples.at(5)).orElseThrow()).isCloseTo(300, within(80.0));
        assertThat(board.onlyChecks(Samples.at(8.1)))
                .as("silent for three seconds")
                .isFalse();

        board.accept(new FetchEvent.Verified(Samples.at(5), "a", true, ""));
        assertThat(board.checks().done()).isEqualTo(2000);
    }

    @Test
    void whatIsReceivedAndNotHashedYetIsKnownWhileItIsTold() {
        board.accept(Samples.resolved(Identity.SAME, 1, 1000));
        board.accept(new FetchEvent.FileStarted(Samples.NOON, "a", 1000, 0, "mirror"));
        board.accept(Samples.progress(1, "a", 800, 1000));
        assertThat(board.behind(Samples.at(1))).isZero();
        board.accept(new FetchEvent.Hashing(Samples.at(1), "a", 300, 1000));

        assertThat(board.behind(Samples.at(1))).isEqualTo(0.5);
        assertThat(board.onlyChecks(Samples.at(1))).isFalse();
        assertThat(board.behind(Samples.at(10))).isZero();
    }

    private double rate(double second) {
        return board.rate(Samples.at(second)).orElseThrow();
    }

    private double rateOf(String source, double second) {
        return sender(source).rate(Samples.at(second)).orElseThrow();
    }

    private Senders.Sender sender(String source) {
        return board.senders().all().stream()
                .filter(sender -> sender.id().equals(source))
                .findFirst()
                .orElseThrow();
    }
}
