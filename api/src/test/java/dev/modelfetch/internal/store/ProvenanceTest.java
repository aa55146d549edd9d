package dev.modelfetch.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Digest;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.store.ProvenanceLine.State;
import dev.modelfetch.internal.testing.FaultyDisk;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

    @TempDir
    Path folder;

    private Path record;

    @BeforeEach
    void name() {
        record = folder.resolve("provenance.ndjson");
    }

    @Test
    void aLineSaysEverythingAboutAFile() throws IOException {
        new Provenance(record).append(line("blobs/x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES)));

        JsonObject json = JsonParser.parseString(Files.readString(record)).getAsJsonObject();
        assertThat(json.keySet())
                .containsExactly(
                        "v", "at", "path", "commit", "file", "size", "modified", "sha256", "git", "from", "verified");
        assertThat(json.get("v").getAsInt()).isEqualTo(1);
        assertThat(json.get("at").getAsString()).isEqualTo("2026-05-04T10:00:00Z");
        assertThat(json.get("verified").getAsString()).isEqualTo("cross");
        assertThat(Files.readString(record)).endsWith("}\n");
    }

    @Test
    void itIsReadBackAsWritten() throws IOException {
        ProvenanceLine line = line("blobs/x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES));
        new Provenance(record).append(line);
        Provenance later = new Provenance(record);

        assertThat(later.of("blobs/x", new State(25, 1000))).contains(line);
        assertThat(line.content()).contains(Sample.hash(Sample.CONFIG_BYTES));
        assertThat(line.level()).isEqualTo(Verification.CROSS);
        assertThat(later.fileWith(Digest.gitBlob(Sample.CONFIG_GIT))).contains("blobs/x");
        assertThat(later.fileWith(Digest.sha256(Sample.WEIGHTS_SHA))).isEmpty();
        assertThat(later.knows(Sample.COMMIT, "config.json")).isTrue();
        assertThat(later.knows(Sample.OTHER_COMMIT, "config.json")).isFalse();
    }

    @Test
    void aFileThatLooksDifferentIsNotDescribed() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("blobs/x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES)));

        assertThat(provenance.of("blobs/x", new State(25, 1001))).isEmpty();
        assertThat(provenance.of("blobs/x", new State(26, 1000))).isEmpty();
        assertThat(provenance.of("blobs/y", new State(25, 1000))).isEmpty();
    }

    @Test
    void theLastLineWinsAndEarlierStatesAreStillKnown() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line("x", 25, 2000, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line("x", 25, 1000, null));

        assertThat(provenance.of("x", new State(25, 1000)).orElseThrow().content())
                .isEmpty();
        assertThat(provenance.of("x", new State(25, 2000)).orElseThrow().content())
                .isPresent();
    }

    @Test
    void aRecordCutAtAnyByteKeepsItsWholeLinesAndGrowsOn() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
        long first = Files.size(record);
        provenance.append(line("b", 2, 2, Sample.hash(Sample.WEIGHTS_BYTES)));
        byte[] whole = Files.readAllBytes(record);
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(record, Arrays.copyOf(whole, cut));
            new Provenance(record).append(line("c", 3, 3, Sample.hash(new byte[0])));

            Provenance later = new Provenance(record);
            assertThat(later.of("a", new State(1, 1)).isPresent())
                    .as("cut at %d", cut)
                    .isEqualTo(cut >= first - 1);
            assertThat(later.of("c", new State(3, 3))).as("cut at %d", cut).isPresent();
        }
    }

    @Test
    void linesThatMakeNoSenseAreSkipped() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
        Files.writeString(
                record,
                Files.readString(record, StandardCharsets.UTF_8)
                        + "\n{}\nnull\n[1]\n{\"v\":2,\"file\":\"b\"}\n{\"v\":1,\"file\":\"b\",\"path\":\"b\",\"from\":[],\"size\":1,\"modified\":1}\n"
                        + "{\"v\":1,\"file\":\"b\",\"path\":\"b\",\"from\":[],\"size\":1,\"modified\":1,\"verified\":\"self\",\"sha256\":\"zz\"}\n\0\0\0\n");
        Provenance later = new Provenance(record);

        assertThat(later.of("a", new State(1, 1))).isPresent();
        assertThat(later.of("b", new State(1, 1))).isEmpty();
    }

    @Test
    void whatAnotherProcessAppendsIsNoticed() throws IOException {
        Provenance mine = new Provenance(record);
        assertThat(mine.of("a", new State(1, 1))).isEmpty();
        new Provenance(record).append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));

        assertThat(mine.of("a", new State(1, 1))).isPresent();
        Files.delete(record);
        assertThat(mine.of("a", new State(1, 1))).isEmpty();
    }

    @Test
    void thousandsOfLinesAreAllThere() throws IOException {
        new Provenance(record).append(line("f0", 0, 0, Sample.hash(Sample.CONFIG_BYTES)));
        String first = Files.readString(record);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append(first.replace("\"f0\"", "\"f" + i + "\"")
                    .replace("\"size\":0,\"modified\":0", "\"size\":" + i + ",\"modified\":" + i));
        }
        Files.writeString(record, text);
        Provenance later = new Provenance(record);
        for (int i = 0; i < 5_000; i++) {
            Optional<ProvenanceLine> line = later.of("f" + i, new State(i, i));
            assertThat(line).isPresent();
        }
    }

    @Test
    void aReplacedRecordIsNoticedWhateverItsLength() throws IOException {
        for (int further = 0; further < 3; further++) {
            Files.deleteIfExists(record);
            Provenance mine = new Provenance(record);
            mine.append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
            assertThat(mine.of("a", new State(1, 1))).isPresent();
            Path other = folder.resolve("other.ndjson");
            Files.deleteIfExists(other);
            new Provenance(other).append(line("b", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
            for (int i = 0; i < further; i++) {
                new Provenance(other).append(line("c", 1, i, Sample.hash(Sample.CONFIG_BYTES)));
            }
            Files.move(other, record, StandardCopyOption.REPLACE_EXISTING);

            assertThat(mine.of("a", new State(1, 1))).isEmpty();
            assertThat(mine.of("b", new State(1, 1))).isPresent();
        }
    }

    @Test
    void aLineWithoutEndDoesNotHideTheNextOnesHoweverLongItIs() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
        Files.write(record, new byte[3_000_000], StandardOpenOption.APPEND);
        provenance.append(line("b", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));

        assertThat(new Provenance(record).of("a", new State(1, 1))).isPresent();
        assertThat(new Provenance(record).of("b", new State(1, 1))).isPresent();
    }

    @Test
    void aLongRecordIsRewrittenWithWhatItStillSays() throws IOException {
        Provenance provenance = new Provenance(record, 50);
        Content content = Sample.hash(Sample.CONFIG_BYTES);
        provenance.append(line("gone", 1, 1, Sample.hash(Sample.WEIGHTS_BYTES)));
        for (int i = 0; i < 500; i++) {
            provenance.append(line("x", 25, i, content));
        }

        assertThat(Files.readAllLines(record)).hasSizeBetween(4, 101);
        for (Provenance reader : List.of(provenance, new Provenance(record))) {
            assertThat(reader.of("x", new State(25, 499))).isPresent();
            assertThat(reader.of("x", new State(25, 498)))
                    .as("the state before a kill")
                    .isPresent();
            assertThat(reader.of("x", new State(25, 1))).isEmpty();
            assertThat(reader.of("gone", new State(1, 1))).isPresent();
            assertThat(reader.fileWith(content.sha256())).contains("x");
            assertThat(reader.fileWith(Digest.sha256(Sample.WEIGHTS_SHA))).contains("gone");
            assertThat(reader.knows(Sample.COMMIT, "config.json")).isTrue();
        }
        assertThat(Files.readAllLines(record).get(0)).startsWith("{\"rewritten\":");
        assertThat(Sample.files(folder)).containsExactly("locks", "provenance.ndjson");
    }

    @Test
    void aRecordThatSaysSomethingInEveryLineStaysAsItIs() throws IOException {
        Provenance provenance = new Provenance(record, 10);
        for (int i = 0; i < 100; i++) {
            provenance.append(line("f" + i, 25, i, Sample.hash(Sample.CONFIG_BYTES)));
        }

        assertThat(Files.readAllLines(record)).hasSize(100);
    }

    /** Whatever is said in whatever order: rewriting may forget, but nothing is believed that was not believed before. */
    @Test
    void rewritingNeverMakesAnybodyBelieveMore() throws IOException {
        Random random = new Random(21);
        List<Content> contents = List.of(Sample.hash(Sample.CONFIG_BYTES), Sample.hash(Sample.WEIGHTS_BYTES));
        for (int round = 0; round < 20; round++) {
            Path other = folder.resolve("whole" + round + "/provenance.ndjson");
            Provenance whole = new Provenance(other, Integer.MAX_VALUE);
            record = folder.resolve("short" + round + "/provenance.ndjson");
            Provenance rewritten = new Provenance(record, 3);
            for (int i = 0; i < 120; i++) {
                Content content = random.nextInt(3) == 0 ? null : contents.get(random.nextInt(2));
                String commit = random.nextBoolean() ? Sample.COMMIT : Sample.OTHER_COMMIT;
                ProvenanceLine line = line(commit, "f" + random.nextInt(2), 1, random.nextInt(6), content);
                whole.append(line);
                rewritten.append(line);
            }
            assertThat(Files.size(record)).isLessThan(Files.size(other));
            for (int file = 0; file < 2; file++) {
                for (int modified = 0; modified < 6; modified++) {
                    State state = new State(1, modified);
                    Optional<Content> before = whole.of("f" + file, state).flatMap(ProvenanceLine::content);
                    Optional<Content> after = rewritten.of("f" + file, state).flatMap(ProvenanceLine::content);
                    assertThat(after).isIn(before, Optional.empty());
                }
            }
            for (String commit : List.of(Sample.COMMIT, Sample.OTHER_COMMIT)) {
                assertThat(rewritten.knows(commit, "config.json")).isEqualTo(whole.knows(commit, "config.json"));
            }
        }
    }

    @Test
    void aDoubtOutlivesTheRewritingWhileWhatItDoubtsDoes() throws IOException {
        Provenance provenance = new Provenance(record, 20);
        provenance.append(line("x", 25, 1, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line("x", 25, 1, null));
        for (int i = 0; i < 200; i++) {
            provenance.append(line("y", 25, i, Sample.hash(Sample.CONFIG_BYTES)));
        }
        Provenance later = new Provenance(record);

        assertThat(Files.readAllLines(record)).hasSizeLessThan(50);
        assertThat(later.of("x", new State(25, 1)).orElseThrow().content()).isEmpty();
        assertThat(later.stored("x", new State(25, 1))).as("still ours").isTrue();
    }

    @Test
    void linesOfALaterVersionAreNotRewrittenAway() throws IOException {
        Provenance provenance = new Provenance(record, 10);
        Files.writeString(record, "{\"v\":2,\"doubts\":\"x\"}\n");
        for (int i = 0; i < 100; i++) {
            provenance.append(line("x", 25, i, Sample.hash(Sample.CONFIG_BYTES)));
        }

        assertThat(Files.readAllLines(record)).hasSize(101).first().isEqualTo("{\"v\":2,\"doubts\":\"x\"}");
    }

    @Test
    void aRewritingThatFailsOrIsCutShortLosesNothing() throws IOException {
        FaultyDisk disk = FaultyDisk.of(folder);
        disk.fails((step, path) -> {
            if (step == FaultyDisk.Step.WRITE && path.getFileName().toString().startsWith("tmp-")) {
                throw new FileSystemException(path.toString(), null, "No space left on device");
            }
        });
        Provenance provenance = new Provenance(disk.path(record), 10);
        for (int i = 0; i < 100; i++) {
            provenance.append(line("x", 25, i, Sample.hash(Sample.CONFIG_BYTES)));
        }
        assertThat(Files.readAllLines(record)).hasSize(100);

        // As a kill before the move leaves it.
        Files.writeString(folder.resolve("tmp-00000000"), "{\"rewritten\":\"");
        new Provenance(record, 10).append(line("x", 25, 100, Sample.hash(Sample.CONFIG_BYTES)));
        assertThat(Files.readAllLines(record)).hasSizeLessThan(10);
        assertThat(new Provenance(record).of("x", new State(25, 100))).isPresent();
    }

    @Test
    void aRewrittenRecordCanBeWrittenByWhoeverCouldBefore() throws IOException {
        Provenance provenance = new Provenance(record, 10);
        provenance.append(line("x", 25, 0, Sample.hash(Sample.CONFIG_BYTES)));
        Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rw-rw-rw-");
        Files.setPosixFilePermissions(record, shared);
        for (int i = 0; i < 100; i++) {
            provenance.append(line("x", 25, i, Sample.hash(Sample.CONFIG_BYTES)));
        }

        assertThat(Files.readAllLines(record)).hasSizeLessThan(50);
        assertThat(Files.getPosixFilePermissions(record)).isEqualTo(shared);
    }

    @Test
    void whatIsForgottenIsNobodysAndItsContentIsStillKnown() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line(Sample.COMMIT, "stays", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line(Sample.COMMIT, "doubted", 1, 1, null));
        provenance.append(line(Sample.COMMIT, "goes", 2, 2, Sample.hash(Sample.WEIGHTS_BYTES)));
        provenance.append(line(Sample.OTHER_COMMIT, "other", 3, 3, Sample.hash(new byte[0])));

        provenance.forget(Set.of(Sample.COMMIT), file -> !file.equals("goes"));

        for (Provenance known : List.of(provenance, new Provenance(record))) {
            assertThat(known.knows(Sample.COMMIT, "config.json")).isFalse();
            assertThat(known.fetchedFor(Sample.COMMIT)).isFalse();
            assertThat(known.of("stays", new State(1, 1)).orElseThrow().content())
                    .contains(Sample.hash(Sample.CONFIG_BYTES));
            assertThat(known.of("doubted", new State(1, 1)).orElseThrow().content())
                    .isEmpty();
            assertThat(known.of("goes", new State(2, 2))).isEmpty();
            assertThat(known.knows(Sample.OTHER_COMMIT, "config.json")).isTrue();
        }
    }

    @Test
    void whatALaterVersionWroteIsNotForgottenForIt() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("stays", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));
        String later = "{\"v\":2,\"file\":\"b\"}\n";
        Files.writeString(record, later, StandardOpenOption.APPEND);
        String before = Files.readString(record);

        new Provenance(record).forget(Set.of(Sample.COMMIT), any -> false);

        assertThat(record).hasContent(before);
    }

    @Test
    void whereNothingIsKnownNothingIsWrittenToForgetIt() throws IOException {
        Path nowhere = folder.resolve("nowhere/provenance.ndjson");

        new Provenance(nowhere).forget(Set.of(Sample.COMMIT), any -> true);

        assertThat(nowhere.getParent()).doesNotExist();
    }

    private static ProvenanceLine line(String file, long size, long modified, @Nullable Content content) {
        return line(Sample.COMMIT, file, size, modified, content);
    }

    private static ProvenanceLine line(
            String commit, String file, long size, long modified, @Nullable Content content) {
        return ProvenanceLine.of(
                Instant.parse("2026-05-04T10:00:00Z"),
                "config.json",
                commit,
                file,
                size,
                modified,
                content,
                List.of("mirror", "modelscope"),
                Verification.CROSS);
    }
}
