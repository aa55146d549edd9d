package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Identity;
import dev.modelfetch.LockFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Selection;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verification;
import dev.modelfetch.Weights;
import dev.modelfetch.cli.screen.Samples;
import dev.modelfetch.cli.screen.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchCommandTest {

    private final Desk desk = new Desk();

    @TempDir
    Path temp;

    @Test
    void successIsOneLineOnStdoutAndASummaryOnStderr() {
        assertThat(desk.run("lab/tiny")).isZero();

        assertThat(desk.out()).isEqualTo("/hub/snap\n");
        assertThat(desk.err()).contains("fetched 1 file, 25 B", "checked against a second hub");
        assertThat(desk.closed).isEqualTo(1);
    }

    @Test
    void jsonIsOneObjectOnStdout() {
        assertThat(desk.run("lab/tiny", "--json")).isZero();

        assertThat(desk.out().lines()).hasSize(1);
        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.get("path").getAsString()).isEqualTo("/hub/snap");
        assertThat(json.get("identity").getAsString()).isEqualTo("same");
    }

    @Test
    void quietLeavesOnlyTheResult() {
        desk.events = List.of(Samples.resolved(Identity.UNPROVED, 1, 25));

        assertThat(desk.run("lab/tiny", "-q")).isZero();
        assertThat(desk.out()).isEqualTo("/hub/snap\n");
        assertThat(desk.err()).isEmpty();
    }

    @Test
    void withoutATerminalProgressIsPlainLines() {
        desk.events = transfer();
        desk.run("lab/tiny");

        assertThat(desk.err())
                .contains("source: modelscope")
                .contains("50%  50 of 100 B")
                .doesNotContain("\u001b");
    }

    @Test
    void onATerminalNothingOfTheBarsIsLeftAtTheEnd() {
        desk.terminal = true;
        desk.events = transfer();
        desk.run("lab/tiny");

        List<String> screen = Terminal.shows(desk.err());
        assertThat(screen).hasSize(3);
        assertThat(screen.get(0)).startsWith("source: modelscope");
        assertThat(screen.get(2)).startsWith("checked ");
    }

    @Test
    void progressAsJsonLeavesNothingButEventsOnStderr() {
        desk.events = transfer();
        desk.run("lab/tiny", "--progress", "json", "--resume-download");

        assertThat(desk.err().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(
                                JsonParser.parseString(line).getAsJsonObject().has("event"))
                        .isTrue())
                .last()
                .asString()
                .contains("\"done\"");
    }

    @Test
    void aFailureWithProgressAsJsonIsAnEventToo() {
        desk.failure = Samples.gated();

        assertThat(desk.run("lab/tiny", "--progress", "json")).isEqualTo(4);
        assertThat(desk.err().lines()).singleElement().asString().startsWith("{\"event\":\"error\"");
        assertThat(desk.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "ON", "true", "Yes"})
    void theVariableOfTheReferenceClientSwitchesProgressOff(String value) {
        desk.environment.put("HF_HUB_DISABLE_PROGRESS_BARS", value);
        desk.events = transfer();
        desk.run("lab/tiny");

        assertThat(desk.err()).doesNotContain("50%").contains("source: modelscope");
    }

    @Test
    void aLogOfCiGetsLinesAndNoBars() {
        desk.terminal = true;
        desk.environment.put("CI", "true");
        desk.events = transfer();
        desk.run("lab/tiny");

        assertThat(desk.err()).doesNotContain("\u001b[2K", "\r").contains("source: modelscope");
    }

    @Test
    void aFailureHasMessageAndHintOnStderrAndNothingOnStdout() {
        desk.failure = Samples.gated();

        assertThat(desk.run("lab/tiny")).isEqualTo(4);
        assertThat(desk.out()).isEmpty();
        assertThat(desk.err()).isEqualTo("No access: lab/tiny is gated at huggingface.\n  Ask for access.\n");
        assertThat(desk.closed).isEqualTo(1);
    }

    @Test
    void aFailureWithJsonIsAnObjectWhoseCodeIsTheExitCode() {
        desk.failure = Samples.gated();

        int code = desk.run("lab/tiny", "--json");

        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.getAsJsonObject("error").get("code").getAsInt())
                .isEqualTo(code)
                .isEqualTo(4);
        assertThat(json.getAsJsonArray("probes")).hasSize(1);
    }

    @Test
    void aBugHasAShortMessageAndATraceOnlyOnRequest() {
        desk.failure = new IllegalStateException("lane 7");

        assertThat(desk.run("lab/tiny")).isEqualTo(1);
        assertThat(desk.err()).contains("IllegalStateException: lane 7").doesNotContain("\tat ");
        assertThat(desk.run("lab/tiny", "-v")).isEqualTo(1);
        assertThat(desk.err()).contains("\tat ");
    }

    @Test
    void messagesAreChineseUnderAChineseLocale() {
        desk.environment.put("LANG", "zh_CN.UTF-8");
        desk.run("lab/tiny");

        assertThat(desk.err()).contains("1 个文件").contains("校验：经两个站点互证");
    }

    @Test
    void everyOptionReachesTheRequest() {
        desk.run(
                "download",
                "datasets/lab/tiny",
                "a.txt",
                "--revision",
                "v1",
                "--include",
                "*.json,*.txt",
                "--include=b*",
                "--exclude",
                "c/",
                "--source",
                "modelscope,mirror",
                "--max-workers",
                "3",
                "--connections",
                "5",
                "--limit-rate",
                "1.5M",
                "--give-up-after",
                "12h",
                "--force",
                "--local-dir",
                temp.toString());

        FetchRequest request = desk.request();
        assertThat(request.repo().type()).isEqualTo(RepoType.DATASET);
        assertThat(request.revision()).contains("v1");
        assertThat(request.selection())
                .isEqualTo(Selection.of(List.of("a.txt"), List.of("*.json", "*.txt", "b*"), List.of("c/")));
        assertThat(request.source()).isEqualTo(SourceChoice.only("modelscope", "mirror"));
        assertThat(request.maxWorkers()).isEqualTo(3);
        assertThat(request.connectionsPerFile()).isEqualTo(5);
        assertThat(request.bytesPerSecond()).isEqualTo(1_500_000);
        assertThat(request.patience()).isEqualTo(Duration.ofHours(12));
        assertThat(request.patientFromStart()).isTrue();
        assertThat(request.force()).isTrue();
        assertThat(request.offline()).isFalse();
        assertThat(request.destination()).isEqualTo(new Destination.Directory(temp));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ls ", "verify "})
    void aPartOfARepositoryIsAskedForInEveryCommand(String command) {
        desk.run((command + "lab/tiny --weights safetensors --exclude original/").split(" "));
        assertThat(desk.request().selection())
                .isEqualTo(Selection.all().weights(Weights.SAFETENSORS).exclude("original/"));
        desk.run((command + "lab/tiny --gguf q4_k_m --weights gguf").split(" "));
        assertThat(desk.request().selection()).isEqualTo(Selection.all().gguf("Q4_K_M"));
        desk.run((command + "lab/tiny --config-only").split(" "));
        assertThat(desk.request().selection()).isEqualTo(Selection.all().configOnly());
    }

    @Test
    void withoutOptionsTheDefaultsOfTheEngineStand() {
        desk.run("lab/tiny");

        FetchRequest request = desk.request();
        assertThat(request.source()).isEqualTo(SourceChoice.auto());
        assertThat(request.destination()).isEqualTo(new Destination.DefaultCache());
        assertThat(request.selection().isEverything()).isTrue();
        assertThat(request.bytesPerSecond()).isZero();
        assertThat(request.patience()).isEqualTo(Duration.ofMinutes(10));
        assertThat(request.patientFromStart()).isFalse();
    }

    @Test
    void endpointsProxiesCacheAndEnvironmentReachTheSetup() {
        desk.environment.put("HTTPS_PROXY", "http://p:1");
        desk.run(
                "lab/tiny",
                "--endpoint",
                "mirror=https://m.example/x?a=b",
                "--endpoint",
                "MS=https://s.example",
                "--proxy",
                "mirror=direct",
                "--cache-dir",
                temp.toString());

        Setup setup = desk.setups.get(0);
        assertThat(setup.endpoints())
                .isEqualTo(Map.of("mirror", "https://m.example/x?a=b", "modelscope", "https://s.example"));
        assertThat(setup.proxies()).isEqualTo(Map.of("mirror", "direct"));
        assertThat(setup.cacheDirectory()).isEqualTo(temp);
        assertThat(setup.environment()).containsEntry("HTTPS_PROXY", "http://p:1");
        assertThat(setup.tokens()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "auto, huggingface",
        "mirror, mirror",
        "hf, huggingface",
        "ms, modelscope",
        "other, other",
        "modelscope, modelscope"
    })
    void aTokenBelongsToTheForcedSourceElseToHuggingFace(String source, String owner) {
        desk.run("lab/tiny", "--token", "hf_secret", "--source", source);

        assertThat(desk.setups.get(0).tokens()).isEqualTo(Map.of(owner, "hf_secret"));
    }

    @Test
    void aTokenMayComeFromAFileOrFromStandardInput() throws IOException {
        Path file = Files.writeString(temp.resolve("token"), "hf_file\n");
        desk.run("lab/tiny", "--token-file", file.toString());
        desk.input = "hf_pipe\nignored";
        desk.run("lab/tiny", "--token", "-");

        assertThat(desk.setups).extracting(Setup::tokenFiles).containsExactly(Map.of("huggingface", file), Map.of());
        assertThat(desk.setups).extracting(Setup::tokens).containsExactly(Map.of(), Map.of("huggingface", "hf_pipe"));
    }

    @Test
    void aTokenIsNeverPrinted() {
        desk.failure = new IllegalStateException();
        desk.run("lab/tiny", "--token", "hf_secret", "-v", "--json");

        assertThat(desk.out() + desk.err() + desk.setups).doesNotContain("hf_secret");
    }

    @ParameterizedTest
    @CsvSource({"HF_HUB_OFFLINE, 1, true", "TRANSFORMERS_OFFLINE, true, true", "HF_HUB_OFFLINE, 0, false"})
    void theEnvironmentMayForbidConnections(String variable, String value, boolean offline) {
        desk.environment.put(variable, value);
        desk.run("lab/tiny");

        assertThat(desk.request().offline()).isEqualTo(offline);
    }

    @Test
    void theFirstOfflineVariableWinsOverItsAlias() {
        desk.environment.put("HF_HUB_OFFLINE", "0");
        desk.environment.put("TRANSFORMERS_OFFLINE", "1");
        desk.run("lab/tiny");

        assertThat(desk.request().offline()).isFalse();
    }

    @Test
    void optionsOfTheFormerPythonCommandAreAcceptedWithAWarning() {
        assertThat(desk.run("lab/tiny", "--resume-download", "--local-dir-use-symlinks", "False"))
                .isZero();
        assertThat(desk.err()).contains("--resume-download is not needed", "--local-dir-use-symlinks has no effect");
    }

    @Test
    void aDryRunPrintsThePlanOnStderrAndThePathOnStdout() {
        assertThat(desk.run("lab/tiny", "--dry-run")).isZero();

        assertThat(desk.out()).isEqualTo("/hub/snap\n");
        assertThat(desk.err().lines())
                .containsExactly(
                        "PATH               SIZE    STATE     SOURCES",
                        "config.json        25 B    stored    mirror",
                        "model.safetensors  2.5 MB  20% here  mirror, modelscope",
                        "1 of 2 files to fetch, 2.0 MB; 500.0 kB already here; into /hub/snap");
    }

    @Test
    void aDryRunWithJsonIsMarkedAsSuch() {
        desk.run("lab/tiny", "--dry-run", "--json");

        assertThat(JsonParser.parseString(desk.out())
                        .getAsJsonObject()
                        .get("dryRun")
                        .getAsBoolean())
                .isTrue();
    }

    @Test
    void aLockFileIsWrittenAfterSuccessAndHoldsTheNextRunToIt() {
        Path lock = temp.resolve("tiny.lock");
        assertThat(desk.run("lab/tiny", "--lock", lock.toString())).isZero();
        assertThat(desk.run("lab/tiny", "--locked", lock.toString())).isZero();

        assertThat(desk.request().locked()).contains(LockFile.of(desk.result));
    }

    @Test
    void aLockFileThatCannotBeWrittenIsAStorageFailure() {
        assertThat(desk.run(
                        "lab/tiny", "--lock", temp.resolve("no/such/dir.lock").toString()))
                .isEqualTo(7);
        assertThat(desk.out()).isEmpty();
        assertThat(desk.requests).as("nothing is fetched in vain").isEmpty();
    }

    @Test
    void whatIsNoLockFileIsNotReplacedByOne() {
        assertThat(desk.run("lab/tiny", "--lock", temp.toString())).isEqualTo(2);

        assertThat(desk.err()).contains("is a folder").contains("Name a new file");
        assertThat(desk.requests).isEmpty();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aLockFileMayBeInTheDirectoryThatIsToBeMade() {
        Path directory = temp.resolve("plain");
        desk.run("lab/tiny", "--local-dir", directory.toString(), "--lock", directory + "/tiny.lock");

        assertThat(desk.requests).hasSize(1);
    }

    @Test
    void anInterruptedJobIsToldAsSuch() {
        desk.failure = new FetchException.Cancelled();

        assertThat(desk.run("lab/tiny")).isEqualTo(130);
        assertThat(desk.err())
                .isEqualTo("Interrupted.\n  What was fetched so far is kept; run the same command to go on.\n");
    }

    private static List<FetchEvent> transfer() {
        return List.of(
                Samples.resolved(Identity.SAME, 1, 100),
                Samples.progress(2, "a.bin", 50, 100),
                new FetchEvent.FileDone(Samples.at(2.5), Samples.item("a.bin", 100, Verification.CROSS, "mirror")));
    }
}
