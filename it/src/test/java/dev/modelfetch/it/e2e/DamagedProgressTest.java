package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Something happened to a file in the making, or to its journal, between two runs. */
class DamagedProgressTest {

    private static final long MEGABYTE = 1 << 20;
    private static final long SIZE = Samples.WEIGHTS.size();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    private Path part;
    private Path journal;
    private long present;

    /** A run that was told to stop a third of the way; one connection, so that the journal is one range from the start. */
    @BeforeEach
    void stopOnTheWay() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(16 * MEGABYTE));
        lab.program()
                .start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--connections", "1")
                .awaitBytes(Samples.BIG, SIZE / 3)
                .signal("TERM")
                .end()
                .exits(143);
        lab.hubs().huggingFace().dataFaults().clear();
        lab.ledger().clear();
        Path own = own();
        part = own.resolve(Samples.WEIGHTS.sha256() + ".part");
        journal = own.resolve(Samples.WEIGHTS.sha256() + ".journal");
        // What the journal knows: on a busy machine the last bytes may have reached the file and not the journal.
        present = claimedBy(Files.readAllLines(journal));
        assertThat(present).isBetween(SIZE / 3 - MEGABYTE, Files.size(part));
    }

    @Test
    void aTornJournalCountsUpToItsLastWholeLine() throws IOException {
        List<String> lines = Files.readAllLines(journal);
        long known = claimedBy(lines.subList(0, lines.size() - 1));
        Files.writeString(journal, Files.readString(journal).stripTrailing().replaceFirst(".$", ""));

        assertFetches(SIZE - known);
    }

    @Test
    void aJournalThatWasDamagedCountsUpToThere() throws IOException {
        List<String> lines = Files.readAllLines(journal);
        long known = claimedBy(lines.subList(0, 3));
        String text = Files.readString(journal);
        Files.writeString(journal, text.replace(lines.get(3), lines.get(3).replace('+', '-')));

        assertFetches(SIZE - known);
    }

    @Test
    void whatFollowsTheLastLineOfAJournalDoesNotCount() throws IOException {
        Files.writeString(journal, "+ 0 " + SIZE + " huggingface 00000000\n", StandardOpenOption.APPEND);

        assertFetches(SIZE - present);
    }

    @Test
    void aJournalOfOtherContentCountsForNothing() throws IOException {
        String other = Files.readString(journal).replace(Samples.WEIGHTS.sha256(), "0".repeat(64));
        Files.writeString(journal, other);

        assertFetches(SIZE);
    }

    @Test
    void withoutItsJournalAPartCountsForNothing() throws IOException {
        Files.delete(journal);

        assertFetches(SIZE);
    }

    @Test
    void aJournalWithoutItsPartCountsForNothing() throws IOException {
        Files.delete(part);

        assertFetches(SIZE);
    }

    @Test
    void aPartThatShrankCountsUpToItsEnd() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
            file.setLength(3 * MEGABYTE + 1);
        }
        assertFetches(SIZE - 3 * MEGABYTE - 1);
    }

    @Test
    void aPartThatGrewBeyondItsSizeIsNotOurs() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
            file.setLength(SIZE + 1);
        }
        assertFetches(SIZE);
    }

    @Test
    void whatAPartGrewByWithoutTheJournalDoesNotCount() throws IOException {
        Files.write(part, "noise".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);

        assertFetches(SIZE - present);
    }

    /** As after a power cut: the journal reached the disk, some of the data did not. */
    @Test
    void bytesThatTurnedToZeroAreNoticedAndFetchedAgain() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
            file.seek(MEGABYTE);
            file.write(new byte[4096]);
        }
        // The journal cannot tell which bytes they are: the rest comes first, then everything.
        assertFetches(SIZE - present + SIZE);
    }

    @Test
    void aClockThatWasWrongInThePastCostsNothing() throws IOException {
        date(Instant.EPOCH);

        assertFetches(SIZE - present);
    }

    @Test
    void aClockThatWasAheadCostsNothing() throws IOException {
        date(Instant.parse("2038-01-19T03:14:08Z"));

        assertFetches(SIZE - present);
    }

    @Test
    void storedFilesOfAnotherTimeAreHashedAndNotFetched() throws IOException {
        assertFetches(SIZE - present);
        for (Instant time : List.of(Instant.EPOCH, Instant.parse("2038-01-19T03:14:08Z"))) {
            date(time);
            lab.ledger().clear();
            Snapshot again = lab.fetch(Samples.LARGE.id(), "huggingface");

            assertThat(again.bytesFetched()).isZero();
            assertThat(Contents.of(again.path())).isEqualTo(Contents.of(Samples.LARGE));
        }
    }

    /** All files of the repository as if they had been written at that time. */
    private void date(Instant time) throws IOException {
        try (Stream<Path> files = Files.walk(own().getParent())) {
            for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(time));
            }
        }
    }

    private void assertFetches(long bytes) throws IOException {
        // Over one connection: when one takes over another's piece, bytes on their way to that other are lost.
        Snapshot result = lab.fetch(
                Samples.LARGE.id(),
                request -> Lab.from("huggingface").apply(request).connectionsPerFile(1));

        assertThat(Contents.of(result.path())).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isEqualTo(bytes);
        assertThat(part).doesNotExist();
        assertThat(journal).doesNotExist();
    }

    /** End of the one range that a single connection leaves. */
    private static long claimedBy(List<String> lines) {
        return Long.parseLong(lines.get(lines.size() - 1).split(" ")[2]);
    }

    private Path own() {
        return lab.cache().resolve("models--acme-lab--large/.modelfetch");
    }
}
