package dev.modelfetch.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Digest;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        Provenance.Line line = line("blobs/x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES));
        new Provenance(record).append(line);
        Provenance later = new Provenance(record);

        assertThat(later.of("blobs/x", 25, 1000)).contains(line);
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

        assertThat(provenance.of("blobs/x", 25, 1001)).isEmpty();
        assertThat(provenance.of("blobs/x", 26, 1000)).isEmpty();
        assertThat(provenance.of("blobs/y", 25, 1000)).isEmpty();
    }

    @Test
    void theLastLineWinsAndEarlierStatesAreStillKnown() throws IOException {
        Provenance provenance = new Provenance(record);
        provenance.append(line("x", 25, 1000, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line("x", 25, 2000, Sample.hash(Sample.CONFIG_BYTES)));
        provenance.append(line("x", 25, 1000, null));

        assertThat(provenance.of("x", 25, 1000).orElseThrow().content()).isEmpty();
        assertThat(provenance.of("x", 25, 2000).orElseThrow().content()).isPresent();
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
            assertThat(later.of("a", 1, 1).isPresent()).as("cut at %d", cut).isEqualTo(cut >= first - 1);
            assertThat(later.of("c", 3, 3)).as("cut at %d", cut).isPresent();
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

        assertThat(later.of("a", 1, 1)).isPresent();
        assertThat(later.of("b", 1, 1)).isEmpty();
    }

    @Test
    void whatAnotherProcessAppendsIsNoticed() throws IOException {
        Provenance mine = new Provenance(record);
        assertThat(mine.of("a", 1, 1)).isEmpty();
        new Provenance(record).append(line("a", 1, 1, Sample.hash(Sample.CONFIG_BYTES)));

        assertThat(mine.of("a", 1, 1)).isPresent();
        Files.delete(record);
        assertThat(mine.of("a", 1, 1)).isEmpty();
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
            Optional<Provenance.Line> line = later.of("f" + i, i, i);
            assertThat(line).isPresent();
        }
    }

    private static Provenance.Line line(String file, long size, long modified, @Nullable Content content) {
        return Provenance.Line.of(
                Instant.parse("2026-05-04T10:00:00Z"),
                "config.json",
                Sample.COMMIT,
                file,
                size,
                modified,
                content,
                List.of("mirror", "modelscope"),
                Verification.CROSS);
    }
}
