package dev.modelfetch.internal.store.partial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final String KEY = "abc123";
    private static final long SIZE = 1_000_000;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("x.journal");
    }

    @Test
    void theTextIsOneLineForEachRange() throws IOException {
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(0, 10, "hugging face"));
            journal.drop("mirror");
            journal.clear();
        }
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line).matches("modelfetch-partial 1 1000000 abc123 [0-9a-f]{8}"),
                        line -> assertThat(line).matches("\\+ 0 10 hugging\\+face [0-9a-f]{8}"),
                        line -> assertThat(line).matches("- mirror [0-9a-f]{8}"),
                        line -> assertThat(line).matches("0 [0-9a-f]{8}"));
    }

    @Test
    void whatWasRecordedIsThereAgain() throws IOException {
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(0, 10, "hub"));
            journal.claim(new Ranges.Range(100, 110, "a b/ö"));
            journal.claim(new Ranges.Range(10, 20, "mirror"));
            journal.drop("mirror");
        }
        try (Journal journal = open()) {
            assertThat(journal.ranges().all())
                    .containsExactly(new Ranges.Range(0, 10, "hub"), new Ranges.Range(100, 110, "a b/ö"));
        }
    }

    /** Wherever a kill cuts the file, exactly the lines before the cut are believed, and writing goes on after them. */
    @Test
    void aJournalCutAtAnyByteGoesOnFromTheLastWholeLine() throws IOException {
        List<Ranges> after = new ArrayList<>();
        List<Long> lengths = new ArrayList<>();
        try (Journal journal = open()) {
            after.add(journal.ranges());
            lengths.add(Files.size(file));
            for (int i = 0; i < 6; i++) {
                if (i == 3) {
                    journal.drop("s0");
                } else {
                    journal.claim(new Ranges.Range(i * 100L, i * 100L + 50, "s" + i % 2));
                }
                after.add(journal.ranges());
                lengths.add(Files.size(file));
            }
        }
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            int lines = linesWithin(lengths, cut);
            try (Journal journal = open()) {
                assertThat(journal.ranges().all())
                        .as("cut at %d", cut)
                        .isEqualTo(lines == 0 ? List.of() : after.get(lines - 1).all());
                journal.claim(new Ranges.Range(900, 950, "later"));
            }
            try (Journal journal = open()) {
                assertThat(journal.ranges().overlap(900, 950))
                        .as("cut at %d", cut)
                        .isEqualTo(50);
                assertThat(journal.ranges().contributors()).contains("later");
            }
        }
    }

    @Test
    void oneChangedByteEndsBelief() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 5; i++) {
                journal.claim(new Ranges.Range(i * 100L, i * 100L + 50, "hub"));
            }
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(7);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            Ranges believed = JournalFormat.replay(damaged, JournalFormat.header(SIZE, KEY), SIZE)
                    .ranges();
            long before = Math.max(0, newlines(whole, at) - 1) * 50L;
            assertThat(believed.total()).as("byte %d", at).isEqualTo(before);
        }
    }

    @Test
    void theTailOfAnotherJournalIsNotBelieved() throws IOException {
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(0, 10, "hub"));
        }
        byte[] mine = Files.readAllBytes(file);
        Files.delete(file);
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(500, 600, "hub"));
            journal.claim(new Ranges.Range(700, 800, "hub"));
        }
        String other = Files.readString(file);
        String tail = other.substring(other.indexOf("+ 700"));
        Files.writeString(file, new String(mine, StandardCharsets.US_ASCII) + tail);

        try (Journal journal = open()) {
            assertThat(journal.ranges().all()).containsExactly(new Ranges.Range(0, 10, "hub"));
        }
    }

    @Test
    void aJournalOfOtherContentOrSizeIsStartedOver() throws IOException {
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(0, 10, "hub"));
        }
        byte[] before = Files.readAllBytes(file);
        try (Journal journal = Journal.open(file, SIZE + 1, KEY, SIZE)) {
            assertThat(journal.ranges().all()).isEmpty();
        }
        Files.write(file, before);
        try (Journal journal = Journal.open(file, SIZE, "def456", SIZE)) {
            assertThat(journal.ranges().all()).isEmpty();
        }
    }

    @Test
    void rangesBeyondTheDataAreNotBelieved() throws IOException {
        try (Journal journal = open()) {
            journal.claim(new Ranges.Range(0, 1000, "hub"));
        }
        try (Journal journal = Journal.open(file, SIZE, KEY, 600)) {
            assertThat(journal.ranges().all()).containsExactly(new Ranges.Range(0, 600, "hub"));
        }
        try (Journal journal = open()) {
            assertThat(journal.ranges().total()).as("the cut is on record").isEqualTo(600);
        }
    }

    @Test
    void aLongJournalIsRewrittenWhileItIsInUse() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 5_000; i++) {
                journal.claim(new Ranges.Range(i * 100L, i * 100L + 100, "hub"));
            }
            assertThat(Files.readAllLines(file)).hasSizeLessThan(1_100);
        }
        try (Journal journal = open()) {
            assertThat(journal.ranges().all()).containsExactly(new Ranges.Range(0, 500_000, "hub"));
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aLongJournalOfManyHolesIsLeftAlone() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 1_500; i++) {
                journal.claim(new Ranges.Range(i * 100L, i * 100L + 50, "hub"));
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(1_501);
    }

    private Journal open() throws IOException {
        return Journal.open(file, SIZE, KEY, SIZE);
    }

    private static int linesWithin(List<Long> lengths, int cut) {
        return (int) lengths.stream().filter(length -> length <= cut).count();
    }

    private static long newlines(byte[] bytes, int before) {
        long count = 0;
        for (int i = 0; i < before; i++) {
            count += bytes[i] == '\n' ? 1 : 0;
        }
        return count;
    }
}
