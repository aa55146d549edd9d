package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Destination;
import dev.modelfetch.Diagnosis;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.LockFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verdict;
import dev.modelfetch.cli.screen.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherCommandsTest {

    private final Desk desk = new Desk();

    @TempDir
    Path temp;

    @Test
    void lsPrintsPathSizeDigestAndSources() {
        assertThat(desk.run("ls", "lab/tiny")).isZero();

        assertThat(desk.out().lines())
                .hasSize(4)
                .contains("config.json        25 B    git:" + Samples.COMMIT + " ".repeat(29) + "mirror")
                .last()
                .isEqualTo("2 files, 2.5 MB");
    }

    @Test
    void lsAsATreeHasASizeForEachFolder() {
        assertThat(desk.run("ls", "lab/tiny", "--tree")).isZero();

        assertThat(desk.out().lines())
                .containsExactly(
                        "lab/tiny", "├─ config.json        25 B", "└─ model.safetensors  2.5 MB", "2 files, 2.5 MB");
    }

    @Test
    void lsOfAllSourcesSaysWhoElseHasAFile() {
        desk.probes = List.of(Samples.usable("mirror", 200), Samples.usable("modelscope", 9));

        assertThat(desk.run("ls", "lab/tiny", "--all-sources")).isZero();

        assertThat(desk.choices).hasSize(1);
        assertThat(desk.out()).contains("mirror, modelscope");
    }

    @Test
    void lsWithJsonIsOneObject() {
        assertThat(desk.run("--json", "ls", "lab/tiny", "--dataset")).isZero();

        assertThat(JsonParser.parseString(desk.out()).getAsJsonObject().getAsJsonArray("files"))
                .hasSize(2);
        assertThat(desk.request().repo().type()).isEqualTo(RepoType.DATASET);
    }

    @Test
    void probePrintsEveryAnswerAndSucceedsWithOne() {
        desk.probes = List.of(Samples.usable("mirror", 200), Samples.down("huggingface", 2500));

        assertThat(desk.run("probe", "lab/tiny", "--source", "mirror,huggingface"))
                .isZero();
        assertThat(desk.out().lines()).hasSize(6);
        assertThat(desk.err()).isEmpty();
        assertThat(desk.choices).containsExactly(SourceChoice.only("mirror", "huggingface"));
        assertThat(desk.out())
                .contains("mirror would be taken, at commit")
                .contains("mirror: cdn.test sends, direct; ");
    }

    @Test
    void answersAreEventsAndOneEndIsTheLast() {
        desk.probes = List.of(Samples.usable("mirror", 200), Samples.down("huggingface", 2500));

        assertThat(desk.run("probe", "lab/tiny", "--progress", "json")).isZero();

        assertThat(events()).containsExactly("probe", "probe", "done");
    }

    @Test
    void aQuestionThatFailsHasOneEndToo() {
        desk.probes = List.of(Samples.down("mirror", 9));

        assertThat(desk.run("probe", "lab/tiny", "--progress", "json")).isEqualTo(5);

        assertThat(events()).containsExactly("probe", "error");
    }

    @Test
    void aListingEndsItsEventsToo() {
        assertThat(desk.run("ls", "lab/tiny", "--progress", "json")).isZero();

        assertThat(events()).last().isEqualTo("done");
    }

    private List<String> events() {
        return desk.err()
                .lines()
                .map(line -> JsonParser.parseString(line)
                        .getAsJsonObject()
                        .get("event")
                        .getAsString())
                .toList();
    }

    @Test
    void probeNeedsNoRepository() {
        desk.probes = List.of(Samples.usable("mirror", 200));

        assertThat(desk.run("probe")).isZero();
        assertThat(desk.choices).containsExactly(SourceChoice.auto());
    }

    @Test
    void probeWithoutAUsableAnswerEndsWithTheMostActionableCause() {
        var auth = Samples.probe("huggingface", new Verdict.NeedsAuth("gated"), 9);
        var gone = Samples.probe("modelscope", new Verdict.NotHere(Verdict.What.REPOSITORY, "no such model"), 9);
        var down = Samples.down("mirror", 9);

        desk.probes = List.of(down, gone, auth);
        assertThat(desk.run("probe", "lab/tiny")).isEqualTo(4);
        desk.probes = List.of(down, gone);
        assertThat(desk.run("probe", "lab/tiny")).isEqualTo(3);
        desk.probes = List.of(down);
        assertThat(desk.run("probe", "lab/tiny")).isEqualTo(5);
        assertThat(desk.err()).contains("lab/tiny could not be downloaded: mirror: connect timed out");
        desk.probes = List.of(
                down,
                Samples.probe(
                        "modelscope",
                        new Verdict.NotHere(Verdict.What.REPOSITORY, "no ids without an owner", false),
                        0));
        assertThat(desk.run("probe", "tiny")).isEqualTo(5);
        desk.probes = List.of(gone, Samples.probe("mirror", new Verdict.Down("HTTP 503", true), 9));
        assertThat(desk.run("probe", "lab/tiny")).isEqualTo(5);
    }

    @Test
    void theDoctorSaysWhatItHasFoundAndThatAFetchWouldWork() {
        assertThat(desk.run("doctor", "--source", "mirror", "--cache-dir", temp.toString()))
                .isZero();

        assertThat(desk.out()).contains("A fetch would work here.");
        assertThat(desk.err()).isEmpty();
        assertThat(desk.choices).containsExactly(SourceChoice.only("mirror"));
        assertThat(desk.setups)
                .singleElement()
                .satisfies(setup -> assertThat(setup.cacheDirectory()).isEqualTo(temp));
    }

    @Test
    void theDoctorIsUnreachableWhereNothingWorks() {
        desk.diagnosis = new Diagnosis(false, List.of(), List.of(Samples.down("mirror", 9)));

        assertThat(desk.run("doctor", "--json")).isEqualTo(5);
        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("unreachable");
        assertThat(json.get("works").getAsBoolean()).isFalse();
        assertThat(json.getAsJsonArray("findings")).isEmpty();
        assertThat(json.getAsJsonArray("probes")).hasSize(1);
        assertThat(desk.run("doctor")).isEqualTo(5);
        assertThat(desk.err()).contains("No fetch would work here.");
    }

    @Test
    void theDoctorTakesNoRepository() {
        assertThat(desk.run("doctor", "lab/tiny")).isEqualTo(2);
        assertThat(desk.setups).isEmpty();
    }

    @Test
    void probeThatFailsStillHasItsProbesInJson() {
        desk.probes = List.of(Samples.down("mirror", 9));

        assertThat(desk.run("probe", "lab/tiny", "--json")).isEqualTo(5);
        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.getAsJsonObject("error").get("code").getAsInt()).isEqualTo(5);
        assertThat(json.getAsJsonArray("probes")).hasSize(1);
    }

    @Test
    void probeAsksNobodyWhenTheEnvironmentForbidsIt() {
        desk.environment.put("HF_HUB_OFFLINE", "1");

        assertThat(desk.run("probe", "lab/tiny")).isEqualTo(8);
        assertThat(desk.choices).isEmpty();
    }

    @Test
    void verifySaysThatAllIsWell() {
        desk.check = check(StoredCheck.State.OK, StoredCheck.State.UNPROVED);

        assertThat(desk.run("verify", "lab/tiny")).isZero();
        assertThat(desk.out().lines())
                .containsExactly(
                        "unproved  f1  no listing names a digest; the size is right",
                        "2 files: 1 ok, 0 corrupt, 0 missing, 1 unproved; against stored listing; /hub/snap");
    }

    @Test
    void verifyNamesWhatIsDamagedAndEndsWithSix() {
        desk.check = check(StoredCheck.State.CORRUPT, StoredCheck.State.MISSING);

        assertThat(desk.run("verify", "lab/tiny")).isEqualTo(6);
        assertThat(desk.out())
                .contains("corrupt   f0  expected sha256:" + Samples.SHA)
                .contains("missing   f1");
        assertThat(desk.err()).startsWith("Digest mismatch: What is stored under /hub/snap");
    }

    @Test
    void verifyWithJsonHasErrorAndFilesInOneObject() {
        desk.check = check(StoredCheck.State.MISSING);

        assertThat(desk.run("verify", "lab/tiny", "--json")).isEqualTo(6);
        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("corrupt");
        assertThat(json.getAsJsonArray("files")).hasSize(1);
        assertThat(json.has("probes")).isTrue();
    }

    @Test
    void verifyTakesADirectoryInPlaceOfARepository() {
        assertThat(desk.run("verify", "--local-dir", temp.toString())).isZero();
        assertThat(desk.directories).containsExactly(temp);
    }

    @Test
    void verifyTakesARepositoryInADirectory() {
        assertThat(desk.run("verify", "lab/tiny", "--local-dir", temp.toString()))
                .isZero();
        assertThat(desk.request().destination()).isEqualTo(new Destination.Directory(temp));
    }

    @Test
    void verifyLearnsTheRepositoryFromALockFile() {
        Path lock = temp.resolve("tiny.lock");
        LockFile.of(desk.result).write(lock);

        assertThat(desk.run("verify", "--locked", lock.toString())).isZero();
        assertThat(desk.request().repo().id()).isEqualTo("lab/tiny");
        assertThat(desk.request().locked()).isPresent();
    }

    @Test
    void verifyOfNothingIsAUsageErrorAndOfNothingStoredIsEight() {
        assertThat(desk.run("verify")).isEqualTo(2);
        desk.failure = new FetchException.NotStored("Nothing of lab/tiny is stored.", "Fetch it.");
        assertThat(desk.run("verify", "lab/tiny")).isEqualTo(8);
    }

    private static StoredCheck check(StoredCheck.State... states) {
        List<StoredCheck.Item> files = new ArrayList<>();
        for (StoredCheck.State state : states) {
            files.add(new StoredCheck.Item("f" + files.size(), state, Digest.sha256(Samples.SHA), null));
        }
        return new StoredCheck(Path.of("/hub/snap"), Samples.COMMIT, "stored listing", files);
    }
}
