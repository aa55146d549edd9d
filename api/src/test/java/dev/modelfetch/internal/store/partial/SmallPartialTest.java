package dev.modelfetch.internal.store.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that costs nothing but its bytes and its name. */
class SmallPartialTest {

    private static final String KEY = Sample.CONFIG_SHA;
    private static final int SIZE = SmallPartial.LARGEST;

    @TempDir
    Path folder;

    private final HandClock clock = new HandClock();
    private final byte[] content = content();

    @Test
    void nothingIsOnTheDiskBeforeItIsWhole() throws IOException {
        Partial partial = open();
        partial.write(0, ByteBuffer.wrap(content, 0, 1_000), "hub");
        partial.flush();
        partial.settle();
        assertThat(folder).isEmptyDirectory();

        partial.write(1_000, ByteBuffer.wrap(content, 1_000, SIZE - 1_000), "mirror");
        assertThat(partial.ranges().contributors()).containsExactly("hub", "mirror");
        partial.moveTo(folder.resolve("final"));

        assertThat(folder.resolve("final")).hasBinaryContent(content);
        assertThat(folder).isDirectoryContaining(name -> name.endsWith("final")).satisfies(this::hasOneEntry);
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        try (Partial partial = open()) {
            partial.write(500, ByteBuffer.wrap(content, 500, 100), "hub");
            ByteBuffer back = ByteBuffer.allocate(100);

            assertThat(partial.read(500, back)).isEqualTo(100);
            assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(content, 500, 100));
            assertThat(partial.read(SIZE, back.clear())).isEqualTo(-1);
            assertThat(partial.frontier()).isZero();
            assertThat(partial.isComplete()).isFalse();
        }
    }

    @Test
    void aLaterRunGoesOnWithWhatAnOrderlyEndLeft() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, ByteBuffer.wrap(content, 0, 300), "hub");
            partial.write(9_000, ByteBuffer.wrap(content, 9_000, 300), "mirror");
            partial.write(20_000, ByteBuffer.wrap(content, 20_000, 300), "liar");
            assertThat(partial.drop("liar")).isEqualTo(300);
        }
        assertThat(Partial.present(folder, KEY, SIZE)).isEqualTo(600);

        Partial later = open();
        assertThat(later.ranges().all())
                .containsExactly(new Ranges.Range(0, 300, "hub"), new Ranges.Range(9_000, 9_300, "mirror"));
        later.write(300, ByteBuffer.wrap(content, 300, 8_700), "hub");
        later.write(9_300, ByteBuffer.wrap(content, 9_300, SIZE - 9_300), "hub");
        later.moveTo(folder.resolve("final"));

        assertThat(folder.resolve("final")).hasBinaryContent(content);
    }

    @Test
    void oneJobOfThisProcessAtATimeHasIt() throws IOException {
        try (Partial partial = open()) {
            assertThat(Partial.open(folder, KEY, SIZE, clock)).isEmpty();
            partial.close();
            try (Partial next = open()) {
                partial.close();
                partial.discard();
                assertThat(Partial.open(folder, KEY, SIZE, clock))
                        .as("closing twice gives back only one's own")
                        .isEmpty();
                assertThat(next.size()).isEqualTo(SIZE);
            }
        }
        open().close();
    }

    @Test
    void theTimeItWasWrittenStaysWhenItGetsItsName() throws IOException {
        Partial partial = whole();
        long modified = partial.modifiedMillis();
        partial.moveTo(folder.resolve("final"));

        assertThat(Files.getLastModifiedTime(folder.resolve("final")).toMillis())
                .isEqualTo(modified);
    }

    @Test
    void bytesThatCameAfterItWasWrittenAreNotForgotten() throws IOException {
        Partial partial = whole();
        assertThat(partial.modifiedMillis()).isPositive();
        partial.dropAll();
        content[17]++;
        partial.write(0, ByteBuffer.wrap(content), "mirror");
        partial.moveTo(folder.resolve("final"));

        assertThat(folder.resolve("final")).hasBinaryContent(content);
        assertThat(folder).satisfies(this::hasOneEntry);
    }

    @Test
    void anIncompleteFileDoesNotGetAName() throws IOException {
        Partial partial = open();
        partial.write(0, ByteBuffer.wrap(content, 0, 1), "hub");

        assertThatThrownBy(() -> partial.moveTo(folder.resolve("final"))).isInstanceOf(IllegalStateException.class);
        assertThat(folder.resolve("final")).doesNotExist();
        assertThat(Partial.present(folder, KEY, SIZE)).isEqualTo(1);
    }

    @Test
    void whenTheFinalNameCannotBeGivenTheBytesAreKept() throws IOException {
        Partial partial = whole();

        assertThatThrownBy(() -> partial.moveTo(folder.resolve("no/such/folder")))
                .isInstanceOf(IOException.class);
        try (Partial again = open()) {
            assertThat(again.isComplete()).isTrue();
        }
    }

    @Test
    void discardingLeavesNothing() throws IOException {
        Partial partial = whole();
        assertThat(partial.modifiedMillis()).isPositive();
        partial.discard();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nothingIsWrittenOutsideTheFileOrAfterItsEnd() throws IOException {
        Partial partial = open();
        assertThatThrownBy(() -> partial.write(SIZE - 1, ByteBuffer.allocate(2), "hub"))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> partial.write(-1, ByteBuffer.allocate(2), "hub"))
                .isInstanceOf(IndexOutOfBoundsException.class);
        partial.close();

        assertThatThrownBy(() -> partial.write(0, ByteBuffer.allocate(1), "hub"))
                .isInstanceOf(ClosedChannelException.class);
    }

    /** A cancelled worker closes what it had, with its interrupt set. */
    @Test
    void anInterruptedWorkerKeepsWhatItHas() throws IOException {
        Partial partial = open();
        partial.write(0, ByteBuffer.wrap(content, 0, 300), "hub");
        Thread.currentThread().interrupt();
        partial.close();
        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();

        assertThat(Partial.present(folder, KEY, SIZE)).isEqualTo(300);
    }

    private Partial open() throws IOException {
        return Partial.open(folder, KEY, SIZE, clock).orElseThrow();
    }

    private Partial whole() throws IOException {
        Partial partial = open();
        partial.write(0, ByteBuffer.wrap(content), "hub");
        return partial;
    }

    private void hasOneEntry(Path directory) {
        assertThat(directory.toFile().list()).hasSize(1);
    }

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
