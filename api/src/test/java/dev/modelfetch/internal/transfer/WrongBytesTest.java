package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FileHost;
import java.nio.ByteBuffer;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that are not the file, and listings that are not the truth. */
@Timeout(120)
class WrongBytesTest extends FillBench {

    @Test
    void anEmptyFileNeedsNoRequest() throws Exception {
        assertThat(fill(Bytes.small(".gitkeep", new byte[0]), mirror)).isEmpty();

        assertThat(mirrorHost.requests()).isEmpty();
        assertThat(recorder.words()).isEqualTo("verify");
    }

    @Test
    void anEmptyFileWithoutADigestIsAskedForOnceAndWhoConfirmsItIsKnown() throws Exception {
        RepoFile file = Bytes.sized(".gitkeep", new byte[0]);
        mirrorHost.next(FileHost.status(503)).holds(".gitkeep", new byte[0]);

        assertThat(fill(file, mirror)).isEmpty();

        assertThat(mirrorHost.ranges()).containsExactly("all", "all");
        assertThat(contributors).containsExactly("mirror");
        assertThat(recorder.all(FetchEvent.Retrying.class)).hasSize(1);
    }

    @Test
    void aFileThatIsListedAsEmptyAndHasContentIsNotPublishedEmpty() {
        RepoFile file = Bytes.sized("config.json", new byte[0]);
        mirrorHost.holds("config.json", CONTENT);
        originHost.answers(
                "/files/config.json",
                request -> new MockResponse.Builder()
                        .chunkedBody(new Buffer().write(CONTENT), 100)
                        .build());

        assertThatThrownBy(() -> fill(file, mirror, origin))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("the file has 1000 bytes at localhost, the listing says 0")
                .hasMessageContaining("the file has more than 0 bytes at localhost, the listing says 0");
        assertThat(mirrorHost.requests()).hasSize(1);
        assertThat(originHost.requests()).hasSize(1);
    }

    @Test
    void oneAnswerOfTheWrongLengthDoesNotEndAFile() throws Exception {
        mirrorHost
                .next(FileHost.whole(new byte[0]), FileHost.whole(Bytes.of("complaint: overloaded")))
                .holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(recorder.all(FetchEvent.Retrying.class))
                .extracting(FetchEvent.Retrying::reason)
                .containsExactly("the file has 0 bytes at localhost, the listing says 1000", "complaint: overloaded");
    }

    @Test
    void aFileWithAGitIdOnlyIsProvedByIt() throws Exception {
        byte[] config = Bytes.of("{\"layers\": 2}\n");
        mirrorHost.next(FileHost.whole(Bytes.flipped(config, 3))).holds("config.json", config);

        assertThat(fill(Bytes.small("config.json", config), mirror)).isEqualTo(config);

        assertThat(verified()).isEqualTo("wrong ok");
    }

    @Test
    void aFlippedByteIsFoundThrownAwayAndFetchedAgain() throws Exception {
        mirrorHost.next(FileHost.ranged(Bytes.flipped(CONTENT, 17))).holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all", "all");
        assertThat(verified()).isEqualTo("wrong ok");
        assertThat(recorder.all(FetchEvent.Verified.class).get(0).detail())
                .contains(Bytes.sha256(CONTENT).hex())
                .contains(Bytes.sha256(Bytes.flipped(CONTENT, 17)).hex())
                .contains("mirror");
    }

    @Test
    void bytesThatAreWrongEveryTimeFailTheFile() {
        mirrorHost.holds("model.bin", Bytes.flipped(CONTENT, 17));

        assertThatThrownBy(() -> fill(FILE, mirror))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("model.bin")
                .hasMessageContaining("mirror")
                .satisfies(e -> assertThat(((FetchException) e).code()).isEqualTo(6));
        assertThat(mirrorHost.requests()).hasSize(2);
        assertThat(verified()).isEqualTo("wrong wrong");
        assertThat(store().pathOf(FILE)).doesNotExist();
        assertThat(store().partialBytes(FILE)).isZero();
    }

    @Test
    void whenTwoSourcesContributedOnlyTheLiarsRangesAreFetchedAgain() throws Exception {
        mirrorHost.next(FileHost.cutAfter(400, Bytes.flipped(CONTENT, 17)));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(mirrorHost.ranges()).containsExactly("all");
        assertThat(originHost.ranges()).containsExactly("bytes=400-999", "bytes=0-399");
        assertThat(verified()).isEqualTo("wrong ok");
    }

    @Test
    void wrongBytesOfAnEarlierRunAreReplacedToo() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(Bytes.flipped(CONTENT, 17), 0, 300), "modelscope");
        }
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, origin)).isEqualTo(CONTENT);

        assertThat(originHost.ranges()).containsExactly("bytes=300-999", "bytes=0-299");
    }

    @Test
    void aFileOfAnotherLengthIsNotTakenAndTheNextSourceIs() throws Exception {
        mirrorHost.holds("model.bin", Bytes.random(999, 5));
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, mirror, origin)).isEqualTo(CONTENT);

        assertThat(recorder.all(FetchEvent.Retrying.class).get(0).reason()).contains("the listing says 1000");
    }

    @Test
    void aLargeFileSurvivesPiecesThatAreCutOrWrong() throws Exception {
        mirrorHost
                .next(FileHost.cutAfter(1_000_000, LARGE), FileHost.cutAfter(10, LARGE), FileHost.reset())
                .next(FileHost.ranged(allFlipped(LARGE)))
                .holds("large.bin", LARGE);

        assertThat(fill(LARGE_FILE, mirror)).isEqualTo(LARGE);

        assertThat(verified()).isEqualTo("wrong ok");
    }

    @Test
    void anEmptyFileThatIsListedWithTheDigestOfSomethingIsAContradictionOfTheListing() {
        RepoFile contradiction = new RepoFile("empty.bin", 0, Bytes.sha256(CONTENT), null, true);

        assertThatThrownBy(() -> fill(contradiction, mirror))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("empty.bin")
                .hasMessageContaining("the listing of mirror contradicts itself")
                .hasMessageContaining(Bytes.sha256(new byte[0]).hex())
                .hasMessageContaining(Bytes.sha256(CONTENT).hex());
        assertThat(mirrorHost.requests()).isEmpty();
        assertThat(verified()).isEqualTo("wrong");
    }

    @Test
    void aContradictionIsSharedByAllWhoListIt() {
        RepoFile contradiction = new RepoFile("empty.bin", 0, null, Bytes.gitBlob(CONTENT), false);

        assertThatThrownBy(() -> fill(contradiction, mirror, origin))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("the listing of mirror and huggingface contradicts itself");
    }

    @Test
    void wrongBytesThatAreAllOfAnEarlierRunAreFetchedAgain() throws Exception {
        try (Partial partial = store().partial(FILE).orElseThrow()) {
            partial.write(0, ByteBuffer.wrap(Bytes.flipped(CONTENT, 17)), "modelscope");
        }
        originHost.holds("model.bin", CONTENT);

        assertThat(fill(FILE, origin)).isEqualTo(CONTENT);

        assertThat(verified()).isEqualTo("wrong ok");
        assertThat(fetched).isEqualTo(1_000);
    }
}
