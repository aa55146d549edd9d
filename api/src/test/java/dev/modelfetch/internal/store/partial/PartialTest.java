package dev.modelfetch.internal.store.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.file.Folders;
import dev.modelfetch.internal.testing.HandClock;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialTest {

    private static final String KEY = Sample.WEIGHTS_SHA;
    private static final long SIZE = 10_000_000;
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final HandClock clock = new HandClock();

    @Test
    void itLivesUnderNamesNoOtherProgramTouches() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(10), "hub");
        }
        assertThat(folder.resolve(KEY + ".part")).exists();
        assertThat(folder.resolve(KEY + ".journal")).exists();
        assertThat(folder).isDirectoryNotContaining("glob:**.incomplete");
    }

    @Test
    void aLaterRunGoesOnWhereAnEarlierOneStopped() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            partial.write(5_000, some(100), "mirror");
        }
        try (Partial partial = open()) {
            assertThat(partial.ranges().all())
                    .containsExactly(new Ranges.Range(0, 100, "hub"), new Ranges.Range(5_000, 5_100, "mirror"));
            assertThat(partial.frontier()).isEqualTo(100);
            ByteBuffer back = ByteBuffer.allocate(100);
            assertThat(partial.read(5_000, back)).isEqualTo(100);
            assertThat(back.flip()).isEqualTo(some(100));
        }
        assertThat(Partial.present(folder, KEY, SIZE)).isEqualTo(200);
        assertThat(Partial.present(folder, KEY, SIZE + 1)).isZero();
        assertThat(Partial.present(folder, "ab", SIZE)).isZero();
    }

    @Test
    void aKillCostsLessThanAMebibyteOfEachWriter() throws IOException {
        try (Partial partial = open()) {
            for (int i = 0; i < 40; i++) {
                partial.write(i * 65_536L, some(65_536), "hub");
                partial.write(SIZE / 2 + i * 65_536L, some(65_536), "mirror");
            }
            long journalled = journalled();

            assertThat(partial.ranges().total()).isEqualTo(80 * 65_536L);
            assertThat(journalled).isGreaterThan(80 * 65_536L - 2L * MIB);
        }
        assertThat(journalled()).isEqualTo(80 * 65_536L);
    }

    @Test
    void slowBytesAreJournalledAfterAQuarterOfASecond() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            assertThat(journalled()).isZero();

            clock.pass(Duration.ofMillis(250));
            partial.write(9_000, some(1), "mirror");
            assertThat(journalled()).isEqualTo(100);
        }
    }

    @Test
    void aClockThatJumpsKeepsNoBytesOutOfTheJournal() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            clock.pass(Duration.ofDays(-365));
            partial.write(100, some(100), "hub");
            assertThat(journalled()).isEqualTo(200);

            partial.write(200, some(100), "hub");
            clock.pass(Duration.ofDays(3_650));
            partial.write(300, some(100), "hub");
            assertThat(journalled()).isEqualTo(400);
        }
    }

    @Test
    void flushJournalsEverything() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            partial.flush();

            assertThat(journalled()).isEqualTo(100);
        }
    }

    @Test
    void droppingASourceIsForLaterRunsToo() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            partial.write(100, some(50), "mirror");
            partial.flush();
            partial.write(150, some(50), "mirror");

            assertThat(partial.drop("mirror")).isEqualTo(100);
            assertThat(partial.ranges().all()).containsExactly(new Ranges.Range(0, 100, "hub"));
        }
        try (Partial partial = open()) {
            assertThat(partial.ranges().all()).containsExactly(new Ranges.Range(0, 100, "hub"));
            partial.dropAll();
        }
        assertThat(journalled()).isZero();
    }

    @Test
    void bytesWrittenAgainBelongToTheLaterWriterEvenAfterAKill() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            // Long enough to be journalled before the short run above would be.
            partial.write(50, some(2 * MIB), "mirror");
            partial.write(60, some(10), "hub");
            partial.flush();

            Ranges replayed = Journal.peek(folder.resolve(KEY + ".journal"), SIZE, KEY, SIZE);
            assertThat(replayed.all()).isEqualTo(partial.ranges().all());
        }
    }

    @Test
    void whatIsBegunCanBeSeenAndThrownAwayByWhoeverNeverOpenedIt() throws IOException {
        assertThat(Partial.begun(folder)).isEmpty();
        try (Partial partial = open()) {
            partial.write(3, ByteBuffer.wrap(new byte[4]), "mirror");
        }
        Files.write(folder.resolve("ab.part"), new byte[9]);

        assertThat(Partial.begun(folder))
                .extracting(Partial.Begun::present)
                .as("without a journal nothing is known to be there")
                .containsExactlyInAnyOrder(4L, 0L);
        for (Partial.Begun begun : Partial.begun(folder)) {
            Partial.discard(folder, begun);
        }
        assertThat(Folders.entries(folder, path -> !path.endsWith("locks"))).isEmpty();
    }

    @Test
    void onlyOneJobAtATimeHasIt() throws IOException {
        try (Partial partial = open()) {
            assertThat(Partial.open(folder, KEY, SIZE, clock)).isEmpty();
            try (Partial other =
                    Partial.open(folder, Sample.CONFIG_SHA, SIZE, clock).orElseThrow()) {
                assertThat(other.frontier()).isZero();
            }
            assertThat(Partial.open(folder, KEY, SIZE, clock)).as("still held").isEmpty();
            partial.close();
            try (Partial next = open()) {
                partial.close();
                partial.discard();
                assertThat(Partial.open(folder, KEY, SIZE, clock))
                        .as("closing twice gives back only one's own")
                        .isEmpty();
            }
        }
    }

    @Test
    void aLinkToTheFolderLeadsToTheSameLock() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (Partial partial = Partial.open(real, KEY, SIZE, clock).orElseThrow()) {
            assertThat(partial.size()).isEqualTo(SIZE);
            assertThat(Partial.open(link, KEY, SIZE, clock)).isEmpty();
        }
    }

    @Test
    void withoutLocksEverybodyWorksOnAFileOfTheirOwn() throws IOException {
        // A folder cannot be opened for locking: as good as a file system that knows no locks.
        Files.createDirectory(folder.resolve("locks"));
        try (Partial one = open();
                Partial two = open()) {
            one.write(0, some(10), "hub");
            two.write(100, some(10), "hub");

            assertThat(one.ranges().total()).isEqualTo(10);
            try (var names = Files.list(folder)) {
                assertThat(names.map(path -> path.getFileName().toString()).filter(name -> !name.equals("locks")))
                        .hasSize(4)
                        .allMatch(Partial::isPrivateName);
            }
        }
        assertThat(Partial.isPrivateName(KEY + ".part")).isFalse();
        assertThat(Partial.isPrivateName(KEY + ".journal")).isFalse();
    }

    @Test
    void dataThatGotLostIsNotBelievedIn() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
            partial.write(200, some(100), "hub");
        }
        try (var data = Files.newByteChannel(folder.resolve(KEY + ".part"), StandardOpenOption.WRITE)) {
            data.truncate(250);
        }
        try (Partial partial = open()) {
            assertThat(partial.ranges().all())
                    .containsExactly(new Ranges.Range(0, 100, "hub"), new Ranges.Range(200, 250, "hub"));
        }
        Files.delete(folder.resolve(KEY + ".part"));
        try (Partial partial = open()) {
            assertThat(partial.ranges().all()).isEmpty();
        }
    }

    @Test
    void aFileThatIsTooLongIsStartedOver() throws IOException {
        try (Partial partial = open()) {
            partial.write(0, some(100), "hub");
        }
        try (Partial partial = Partial.open(folder, KEY, 50, clock).orElseThrow()) {
            assertThat(partial.ranges().all()).isEmpty();
            partial.write(0, some(50), "hub");
            assertThat(partial.isComplete()).isTrue();
        }
        assertThat(Files.size(folder.resolve(KEY + ".part"))).isEqualTo(50);
    }

    @Test
    void nothingIsWrittenOutsideTheFile() throws IOException {
        try (Partial partial = open()) {
            assertThatThrownBy(() -> partial.write(SIZE - 1, some(2), "hub"))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> partial.write(-1, some(2), "hub")).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void afterClosingNothingIsWritten() throws IOException {
        Partial partial = open();
        partial.close();

        assertThatThrownBy(() -> partial.write(0, some(1), "hub")).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void discardingLeavesNothing() throws IOException {
        Partial partial = open();
        partial.write(0, some(1), "hub");
        // Left by a rewriting that was killed, or for which there was no room.
        Files.createFile(folder.resolve(KEY + ".journal.new"));
        partial.discard();
        partial.close();

        try (var names = Files.list(folder)) {
            assertThat(names).containsExactly(folder.resolve("locks"));
        }
    }

    @Test
    void anIncompleteFileDoesNotGetAName() throws IOException {
        Partial partial = open();
        partial.write(0, some(1), "hub");
        Path target = folder.resolve("final");

        assertThatThrownBy(() -> partial.moveTo(target)).isInstanceOf(IllegalStateException.class);
        assertThat(target).doesNotExist();
        assertThat(Partial.present(folder, KEY, SIZE)).isEqualTo(1);
    }

    @Test
    void whenTheFinalNameCannotBeGivenTheBytesAreKept() throws IOException {
        Partial partial = Partial.open(folder, KEY, 10, clock).orElseThrow();
        partial.write(0, some(10), "hub");

        assertThatThrownBy(() -> partial.moveTo(folder.resolve("no/such/folder")))
                .isInstanceOf(IOException.class);
        try (Partial again = Partial.open(folder, KEY, 10, clock).orElseThrow()) {
            assertThat(again.isComplete()).isTrue();
        }
    }

    @Test
    void anEmptyFileIsCompleteAtOnce() throws IOException {
        Partial partial = Partial.open(folder, KEY, 0, clock).orElseThrow();
        assertThat(partial.isComplete()).isTrue();
        partial.moveTo(folder.resolve("empty"));

        assertThat(folder.resolve("empty")).isEmptyFile();
        assertThat(folder.resolve(KEY + ".journal")).doesNotExist();
    }

    @Test
    void aNewFileHasThePermissionsOfAnyNewFile() throws IOException {
        Path ordinary = Files.createFile(folder.resolve("ordinary"));
        open().close();

        assertThat(Files.getPosixFilePermissions(folder.resolve(KEY + ".part")))
                .isEqualTo(Files.getPosixFilePermissions(ordinary));
    }

    @Test
    void anInterruptedWriterFinishesItsWriteAndHarmsNobody() throws IOException {
        try (Partial partial = open()) {
            Thread.currentThread().interrupt();
            partial.write(0, some(100), "hub");
            assertThat(Thread.interrupted()).as("the flag is kept").isTrue();

            partial.write(100, some(100), "hub");
            assertThat(partial.frontier()).isEqualTo(200);
        }
    }

    @Test
    void manyWritersSomeOfThemInterruptedFillTheFileCorrectly() throws Exception {
        int size = 4 * MIB;
        byte[] whole = new byte[size];
        new Random(11).nextBytes(whole);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Partial partial = Partial.open(folder, KEY, size, clock).orElseThrow()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.add(threads.submit((Callable<Void>) () -> {
                    for (int at = writer * MIB; at < (writer + 1) * MIB; at += 4096) {
                        if (writer == 0 && at % (16 * 4096) == 0) {
                            Thread.currentThread().interrupt();
                        }
                        partial.write(at, ByteBuffer.wrap(whole, at, 4096), "s" + writer);
                    }
                    Thread.interrupted();
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(partial.isComplete()).isTrue();
            assertThat(partial.ranges().contributors()).containsExactly("s0", "s1", "s2", "s3");
        } finally {
            threads.shutdownNow();
        }
        assertThat(Files.readAllBytes(folder.resolve(KEY + ".part"))).isEqualTo(whole);
        assertThat(Partial.present(folder, KEY, size)).isEqualTo(size);
    }

    private Partial open() throws IOException {
        Optional<Partial> partial = Partial.open(folder, KEY, SIZE, clock);
        return partial.orElseThrow();
    }

    private long journalled() {
        return Partial.present(folder, KEY, SIZE);
    }

    private static ByteBuffer some(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
