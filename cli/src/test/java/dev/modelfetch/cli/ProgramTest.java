package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchException;
import dev.modelfetch.Selection;
import dev.modelfetch.Weights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {

    private final Desk desk = new Desk();

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "-h", "help", "ls --help", "help ls", "probe --help", "help verify", "download --help"
            })
    void helpGoesToStdoutWithoutOpeningAnything(String line) {
        assertThat(desk.run(line.split(" "))).isZero();

        assertThat(desk.out())
                .startsWith("Usage: fetch ")
                .contains("--source")
                .endsWith("\n")
                .doesNotContain("\u001b");
        assertThat(desk.err()).isEmpty();
        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help ls",
                "--version",
                "ls --version",
                "lab/tiny",
                "lab/tiny --json",
                "lab/tiny -q",
                "lab/tiny --dry-run",
                "ls lab/tiny",
                "verify lab/tiny",
                "cache ls",
                "cache prune --dry-run"
            })
    void aResultThatIsLostIsAStorageFailure(String line) {
        desk.device = failing("No space left on device");

        assertThat(desk.run(line.split(" "))).isEqualTo(7);
        assertThat(desk.err())
                .contains("standard output: No space left on device.", "send the output elsewhere")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "lab/tiny", "ls lab/tiny --json"})
    void whoReadsNoMoreIsToldNothing(String line) {
        desk.device = failing("Broken pipe");

        assertThat(desk.run(line.split(" "))).isZero();
        assertThat(desk.err()).doesNotContain("standard output");
    }

    @Test
    void aFailureKeepsItsOwnCodeWhereItCannotBeToldAsJson() {
        desk.device = failing("No space left on device");
        desk.failure = new FetchException.NotFound("No such thing.", "Look elsewhere.");

        assertThat(desk.run("lab/tiny", "--json")).isEqualTo(3);
        assertThat(desk.err()).contains("No such thing.");
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache", "cache --help", "help cache", "cache -h", "--json cache"})
    void theWordCacheAloneIsExplained(String line) {
        assertThat(desk.run(line.split(" "))).isZero();

        assertThat(desk.out())
                .startsWith("Usage: fetch cache ls ")
                .contains("fetch cache rm TARGET...", "fetch cache prune", "fetch cache verify [REPO...]");
        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cache ls --help, --sort",
        "cache --sort size ls -h, --sort",
        "help cache rm, --yes",
        "cache prune --help, --older-than",
        "--cache-dir x cache verify --help, --repair"
    })
    void everyCommandOfTheCacheHasItsHelp(String line, String option) {
        assertThat(desk.run(line.split(" "))).isZero();

        assertThat(desk.out()).startsWith("Usage: fetch cache ").contains(option);
        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache frob", "cache lab/tiny", "help cache frob", "cache --json frob"})
    void whatTheCacheCannotDoIsRefusedWithWhatItCan(String line) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        assertThat(desk.err()).contains("There is no \"fetch cache ", "fetch cache prune");
        assertThat(desk.setups).isEmpty();
    }

    @Test
    void helpOffersOnlyWhatThereIs() {
        desk.run("--help");

        assertThat(desk.out())
                .contains("fetch probe", "fetch ls", "fetch verify", "fetch cache ls", "fetch doctor", "Exit codes:");
        assertThat(desk.out())
                .contains("fetch login | logout | whoami", "fetch completion", "fetch serve", "Examples:");
        assertThat(desk.out()).doesNotContain("--resume-download");
    }

    @Test
    void helpSaysHowLongAJobWaitsForTheNetwork() {
        desk.run("--help");

        assertThat(desk.out().replaceAll("\\s+", " "))
                .contains(
                        "--give-up-after=TIME How long to go on trying while nothing arrives from any source (default 10m;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "ls --help", "verify --help"})
    void helpNamesEveryFormatOfWeights(String line) {
        desk.run(line.split(" "));

        assertThat(desk.out()).contains("--weights=FORMAT", "--gguf=QUANT", "--config-only");
        assertThat(desk.out())
                .contains(Arrays.stream(Weights.values()).map(Weights::word).toList());
    }

    @Test
    void helpIsChineseUnderAChineseLocale() {
        desk.environment.put("LC_ALL", "zh_CN.UTF-8");
        desk.run("--help");

        assertThat(desk.out()).startsWith("用法：fetch 仓库").contains("同时下载的文件数");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "ls --version"})
    void theVersionIsOneLine(String line) {
        assertThat(desk.run(line.split(" "))).isZero();
        assertThat(desk.out().lines()).singleElement().asString().startsWith("Modelfetch ");
    }

    @Test
    void whereAServiceListensIsJudgedBeforeAnythingIsOpened() {
        assertThat(desk.run("serve", "--listen", "nowhere")).isEqualTo(2);
        assertThat(desk.err()).contains("\"nowhere\" is not an address to listen at.", "127.0.0.1:8090");
        assertThat(desk.run("serve", "--public-url", "ftp://x")).isEqualTo(2);
        assertThat(desk.run("serve", "--cache-size", "much")).isEqualTo(2);
        assertThat(desk.setups).isEmpty();
    }

    @Test
    void aFileMayBeCalledLikeACommand() {
        assertThat(desk.run("lab/tiny", "ls", "cache")).isZero();
        assertThat(desk.request().selection()).isEqualTo(Selection.of(List.of("ls", "cache"), List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"'', Type what to fetch", "zh_CN.UTF-8, 请写明要下载什么"})
    void noWordsAtAllAreAnsweredWithWhatThereIsToType(String language, String beginning) {
        desk.environment.put("LC_ALL", language);

        assertThat(desk.run()).isEqualTo(2);
        assertThat(desk.err())
                .startsWith(beginning)
                .contains("fetch Qwen/Qwen2.5-0.5B-Instruct", "fetch doctor", "fetch --help");
        assertThat(desk.err().lines().count()).isLessThan(12);
        assertThat(desk.out()).isEmpty();
        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "prob, fetch probe",
        "lgoin, fetch login",
        "whoam, fetch whoami",
        "cach ls, fetch cache",
        "--json doctr, fetch doctor",
        "help verfy, fetch verify"
    })
    void aMistypedCommandIsNotTakenForARepository(String line, String meant) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        assertThat(desk.err()).contains("There is no command", "Did you mean " + meant + "?", "fetch download ");
        assertThat(desk.setups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "squad", "glue", "imdb", "lab/prob", "download prob"})
    void aRepositoryWithoutAnOwnerIsStillOne(String line) {
        assertThat(desk.run(line.split(" "))).isZero();
        assertThat(desk.requests).hasSize(1);
    }

    @Test
    void aMistypedOptionGetsASuggestion() {
        assertThat(desk.run("lab/tiny", "--sorce", "mirror")).isEqualTo(2);
        assertThat(desk.err()).contains("Unknown option: '--sorce'", "Did you mean --source");
    }

    @Test
    void aCommandRefusesTheOptionsOfAnother() {
        assertThat(desk.run("ls", "lab/tiny", "--lock", "x")).isEqualTo(2);
        assertThat(desk.err()).contains("--lock");
    }

    @Test
    void aWordThatBeginsWithAnAtSignIsNotReadFromAFile(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("args"), "lab/tiny");

        assertThat(desk.run("@" + file)).isEqualTo(2);
        assertThat(desk.requests).isEmpty();
    }
}
