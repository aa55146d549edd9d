package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.LockFile;
import dev.modelfetch.Selection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that cannot be meant, and some that only look like it. */
class RefusalTest {

    private final Desk desk = new Desk();

    @TempDir
    Path temp;

    static Stream<Arguments> contradictions() {
        return Stream.of(
                Arguments.of("--local-dir and --cache-dir", "lab/tiny --local-dir a --cache-dir b"),
                Arguments.of("-q and --progress bar", "lab/tiny -q --progress bar"),
                Arguments.of("-q and --progress files", "lab/tiny -q --progress files"),
                Arguments.of("-q and --progress json", "lab/tiny -q --progress json"),
                Arguments.of("-q and -v", "lab/tiny -q -v"),
                Arguments.of("names a dataset", "datasets/lab/tiny --repo-type model"),
                Arguments.of("--dataset and --repo-type space", "lab/tiny --dataset --repo-type space"),
                Arguments.of("names revision a", "lab/tiny@a --revision b"),
                Arguments.of("--token and --token-file", "lab/tiny --token t --token-file f"),
                Arguments.of("A token belongs to one source", "lab/tiny --token t --source modelscope,mirror"),
                Arguments.of("--lock and --dry-run", "lab/tiny --lock l --dry-run"),
                Arguments.of("Fetching again and staying offline", "lab/tiny --force --offline"),
                Arguments.of("--gguf and --weights safetensors", "lab/tiny --gguf Q4_K_M --weights safetensors"),
                Arguments.of("--gguf and --weights BEST", "lab/tiny --weights BEST --gguf Q4_K_M"),
                Arguments.of("--config-only and --weights", "lab/tiny --config-only --weights gguf"),
                Arguments.of("--config-only and --gguf", "lab/tiny --gguf Q8_0 --config-only"),
                Arguments.of("not a format of weights", "lab/tiny --weights pickle"),
                Arguments.of("not the name of a quantisation", "lab/tiny --gguf Q4*"),
                Arguments.of("of which repository", "verify --local-dir . --gguf Q4_K_M"),
                Arguments.of("of which repository", "verify --local-dir . --include *.json"),
                Arguments.of("not a transfer rate", "lab/tiny --limit-rate 0"),
                Arguments.of("not a span of time", "lab/tiny --give-up-after soon"),
                Arguments.of("not a span of time", "lab/tiny --give-up-after -1"),
                Arguments.of("not a span of time", "lab/tiny --give-up-after 1.5h"),
                Arguments.of("number of files in flight is 0", "lab/tiny --max-workers 0"),
                Arguments.of("number of connections per file is 65", "lab/tiny --connections 65"),
                Arguments.of("not a repository type", "lab/tiny --repo-type kernel"),
                Arguments.of("does not say which source", "lab/tiny --endpoint https://x.example"),
                Arguments.of("does not say which source", "lab/tiny --proxy mirror="),
                Arguments.of("not a choice of sources", "lab/tiny --source auto,mirror"),
                Arguments.of("names one twice", "lab/tiny --source mirror,mirror"),
                Arguments.of("not a way to show progress", "lab/tiny --progress fancy"),
                Arguments.of("token file nowhere/at/all cannot be read", "lab/tiny --token-file nowhere/at/all"),
                Arguments.of("lock file nowhere/at/all cannot be read", "lab/tiny --locked nowhere/at/all"),
                Arguments.of("not a repository id", "lab/tiny/c"),
                Arguments.of("should be specified only once", "lab/tiny --source mirror --source modelscope"),
                Arguments.of("Invalid value for option '--max-workers'", "lab/tiny --max-workers many"),
                Arguments.of("--max-size and --older-than", "cache prune --max-size 1GB --older-than 7d"),
                Arguments.of("Missing required parameter: 'TARGET'", "cache rm -y"),
                Arguments.of("should be specified only once", "cache ls --sort size --sort name"),
                Arguments.of("Unknown option: '--repair'", "cache ls --repair"),
                Arguments.of("Unmatched argument: 'lab/tiny'", "cache ls lab/tiny"),
                Arguments.of("Missing required parameter: 'REPO'", "--json"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void whatMakesNoSenseIsRefusedWithOneSentenceAndAWayOut(String sentence, String line) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        assertThat(desk.err()).startsWith("Usage error: ").contains(sentence);
        assertThat(desk.err().lines()).hasSize(2);
        assertThat(desk.requests).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void underAChineseLocaleNothingOfARefusalIsLeftInEnglish(String sentence, String line) {
        desk.environment.put("LANG", "zh_CN.UTF-8");

        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        assertThat(desk.err().lines()).hasSize(2);
        // Commands to be typed, names, and the values of options stay what they are.
        assertThat(desk.err().replaceAll("fetch( [a-z-]+)+", ""))
                .startsWith("用法错误：")
                .doesNotContainPattern("[A-Za-z]+ [a-z]+ [a-z]+|[a-z]\\.\\n");
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void withJsonARefusalIsAnObject(String sentence, String line) {
        assertThat(desk.run(
                        (line + " --json").replace("--json --json", "--json").split(" ")))
                .isEqualTo(2);

        JsonObject error = JsonParser.parseString(desk.out()).getAsJsonObject().getAsJsonObject("error");
        assertThat(error.get("code").getAsInt()).isEqualTo(2);
        assertThat(error.get("message").getAsString()).contains(sentence);
        assertThat(error.get("id").getAsString()).matches("[a-z0-9-]+");
        assertThat(error.get("args").isJsonArray()).isTrue();
    }

    @Test
    void anEmptyTokenIsRefused() {
        assertThat(desk.run("lab/tiny", "--token", "-")).isEqualTo(2);
        assertThat(desk.err()).contains("The token for huggingface is empty.");
    }

    @Test
    void nothingIsOpenedForALineThatMakesNoSense() {
        desk.run("lab/tiny", "--local-dir", "a", "--cache-dir", "b");

        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lab/tiny --dataset --repo-type dataset",
                "lab/tiny --repo-type DATASETS --dataset",
                "lab/tiny -q --progress none",
                "lab/tiny --quiet --progress AUTO",
                "lab/tiny -v --progress bar",
                "lab/tiny --quiet=false -v",
                "lab/tiny --give-up-after 0 --offline",
                "lab/tiny --give-up-after 30s --dry-run",
                "lab/tiny --local-dir a --cache-dir b --help",
                "lab/tiny --include=x, --exclude=a,,b",
                "lab/tiny --gguf q8_0 --weights GGUF",
                "lab/tiny --config-only=false --weights best --include unet/",
                "lab/tiny --endpoint mirror=ftp://a --endpoint mirror=https://b"
            })
    void whatOnlyLooksLikeAContradictionIsAccepted(String line) {
        assertThat(desk.run(line.split(" "))).isZero();
    }

    @Test
    void patternsAreTrimmedAndEmptyOnesLeftOut() {
        desk.run("lab/tiny", "--include", "*.json, b*,", "--exclude", " ,c/ ");

        assertThat(desk.request().selection())
                .isEqualTo(Selection.of(List.of(), List.of("*.json", "b*"), List.of("c/")));
    }

    /** Every option that takes more than a free text, in every command that has it, where nothing needs the value. */
    static Stream<String> badValues() {
        Map<String, List<String>> common = Map.of(
                "--source", List.of("auto,mirror", "mirror,mirror", ","),
                "--endpoint", List.of("https://x.example", "mirror="),
                "--proxy", List.of("direct", "=direct"),
                "--token-file", List.of("nowhere/at/all"),
                "--ca-bundle", List.of("nowhere/at/all"),
                "--repo-type", List.of("kernel"),
                "--revision", List.of(" "),
                "--progress", List.of("fancy"));
        Map<String, List<String>> choosing =
                Map.of("--weights", List.of("pickle", "safetensors,bin"), "--gguf", List.of("", "*", "a/b"));
        Map<String, List<String>> fetching = Map.of(
                "--limit-rate", List.of("0", "fast", "-1"),
                "--give-up-after", List.of("", "soon", "-1", "5w", "36501d"),
                "--max-workers", List.of("0", "65", "many"),
                "--connections", List.of("0", "65", "many"),
                "--locked", List.of("nowhere/at/all", "."));
        Map<String, List<String>> listing = Map.of(
                "-f", List.of("size", "size>much", "size>１GB", "colour=red", "type=modle"),
                "--sort", List.of("", "refs", "size:up"),
                "--limit", List.of("", "-1", "many", "１", "9999999999"),
                "--cache-dir", List.of("", " "));
        Map<String, List<String>> pruning = Map.of(
                "--older-than", List.of("", "-1", "soon", "７d"),
                "--max-size", List.of("", "-1", "much", "１GB"));
        return Stream.of(
                        lines("lab/tiny|--offline", common),
                        lines("lab/tiny|--offline", choosing),
                        lines("ls|lab/tiny", choosing),
                        lines("verify|lab/tiny", choosing),
                        lines("lab/tiny|--offline", fetching),
                        lines("lab/tiny|--dry-run", fetching),
                        lines("ls|lab/tiny|--offline", common),
                        lines("cache|ls", listing),
                        lines("cache|prune|-y", pruning),
                        lines("cache|rm|-y|lab/tiny", Map.of("--cache-dir", List.of("", " "))),
                        lines("cache|verify", Map.of("--cache-dir", List.of(""), "--source", List.of(","))),
                        lines("probe", common),
                        lines("verify|--local-dir|.", common),
                        lines("verify|--local-dir|.", Map.of("--locked", List.of("nowhere/at/all", "."))))
                .flatMap(lines -> lines);
    }

    private static Stream<String> lines(String command, Map<String, List<String>> values) {
        return values.entrySet().stream()
                .flatMap(option ->
                        option.getValue().stream().map(value -> command + "|" + option.getKey() + "|" + value));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void aBadValueIsRefusedEvenWhereTheRunWouldNotNeedIt(String line) {
        desk.environment.put("HF_HUB_OFFLINE", "1");

        assertThat(desk.run(line.split("\\|", -1))).isEqualTo(2);
        assertThat(desk.err()).startsWith("Usage error: ").doesNotContain("Exception");
        assertThat(desk.requests).isEmpty();
        assertThat(desk.directories).isEmpty();
        assertThat(desk.choices).isEmpty();
        assertThat(desk.cache.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lab/tiny --progress json --limit-rate fast",
                "lab/tiny --lock x --progress=JSON --dry-run",
                "ls lab/tiny --sorce mirror --progress json",
                "login --progress json"
            })
    void whereEventsWereAskedForARefusalIsTheOneEvent(String line) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        JsonObject event = JsonParser.parseString(desk.err()).getAsJsonObject();
        assertThat(event.get("event").getAsString()).isEqualTo("error");
        assertThat(event.getAsJsonObject("error").get("code").getAsInt()).isEqualTo(2);
    }

    @Test
    void aLockFileOfAnotherRepositoryIsRefused() {
        Path lock = temp.resolve("tiny.lock");
        LockFile.of(desk.result).write(lock);

        assertThat(desk.run("lab/other", "--locked", lock.toString())).isEqualTo(2);
        assertThat(desk.err()).contains("The lock file pins lab/tiny (model), not lab/other");
        assertThat(desk.requests).isEmpty();
    }
}
