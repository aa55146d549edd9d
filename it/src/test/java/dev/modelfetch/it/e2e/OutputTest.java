package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What scripts may rely on: which stream, which lines, which keys (contract, sections 1 to 3). */
class OutputTest {

    private static final String REPO = Samples.SMALL.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void theResultObjectHasTheKeysOfTheContract() throws Exception {
        JsonObject result = lab.program().run(REPO, "--json").exits(0).json();

        assertThat(result.keySet())
                .contains(
                        "repo",
                        "type",
                        "revision",
                        "commit",
                        "path",
                        "source",
                        "elapsedMillis",
                        "bytesFetched",
                        "bytesReused",
                        "files",
                        "probes");
        assertThat(result.getAsJsonArray("files").get(0).getAsJsonObject().keySet())
                .contains("path", "size", "sha256", "from", "verified", "reused");
        assertThat(result.getAsJsonArray("probes").get(0).getAsJsonObject().keySet())
                .contains("source", "endpoint", "route", "verdict", "millis", "detail");
    }

    @Test
    void eventsAreOneObjectALineInTheirOrder() throws Exception {
        Running.Ended ended =
                lab.program().run(REPO, "--source", "hf", "--progress", "json").exits(0);

        List<JsonObject> events = ended.err()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(event -> event.has("event"))
                .toList();
        assertThat(ended.out().lines()).hasSize(1);
        assertThat(events).allSatisfy(event -> Instant.parse(event.get("at").getAsString()));
        List<String> words =
                events.stream().map(event -> event.get("event").getAsString()).toList();
        assertThat(words).startsWith("probe", "resolved").endsWith("done").contains("file-start", "verify");
        assertThat(words).filteredOn("file-done"::equals).hasSize(3);
    }

    @Test
    void aFullDeviceBehindStandardOutputIsNoSuccess() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
        for (String line :
                List.of(REPO, REPO + " --json", "ls " + REPO, "verify " + REPO, "probe", "--help", "--version")) {
            Running.Ended ended = lab.program()
                    .under("sh", "-c", "exec \"$@\" > /dev/full", "sh")
                    .run(line.split(" "))
                    .exits(7);

            assertThat(ended.err()).as(line).contains("No space left on device").doesNotContain("\tat ");
        }
    }

    @Test
    void aReaderThatHasGoneIsNotComplainedOf() throws Exception {
        Running.Ended ended = lab.program()
                .under("sh", "-c", "{ \"$@\"; echo \"status $?\" >&2; } | true", "sh")
                .run("ls", REPO)
                .exits(0);

        assertThat(ended.err()).contains("status 0").doesNotContain("standard output");
    }

    @Test
    void quietlyOnlyThePathIsPrinted() throws Exception {
        Running.Ended ended = lab.program().run(REPO, "-q").exits(0);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.path()).isDirectory();
    }

    @Test
    void verifyFindsWhatWasDamagedAfterwards() throws Exception {
        Path stored = lab.program().run(REPO).path();
        assertThat(lab.program()
                        .run("verify", REPO, "--json")
                        .exits(0)
                        .json()
                        .get("ok")
                        .getAsBoolean())
                .isTrue();
        Path blob = stored.resolve("model.safetensors").toRealPath();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[5] ^= 1;
        Files.write(blob, bytes);

        Running.Ended ended = lab.program().run("verify", REPO, "--json").exits(6);

        assertThat(ended.out()).contains("model.safetensors").contains("corrupt");
    }

    @Test
    void aHomeThatCannotHoldACacheIsAStorageError() throws Exception {
        Path file = Files.writeString(lab.home().resolve("not-a-folder"), "");

        Running.Ended ended =
                lab.program().with("HF_HOME", file).run(REPO, "--json").exits(7);

        assertThat(ended.error().get("message").getAsString()).contains("not-a-folder");
        assertThat(ended.error().get("kind").getAsString()).isEqualTo("storage");
    }

    @Test
    void aLocalDirectoryThatLeadsElsewhereIsNotFollowed() throws Exception {
        Path outside = Files.createDirectories(lab.home().resolve("outside"));
        Path directory = Files.createDirectories(lab.home().resolve("plain"));
        Files.createSymbolicLink(directory.resolve("config.json"), outside.resolve("target.json"));

        lab.program().run(REPO, "--local-dir", directory.toString()).exits(7);

        assertThat(outside).isEmptyDirectory();
    }
}
