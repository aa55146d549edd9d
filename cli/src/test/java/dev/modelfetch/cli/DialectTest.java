package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

/** What people type who know the other downloaders. */
class DialectTest {

    private final Desk desk = new Desk();
    private final CommandSpec spec = Options.of("fetch", new FetchCommand(desk.around()));
    private final Dialect dialect = new Dialect(spec, "/home/wang");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // hf
                "a/b --force-download                    | a/b --force",
                "a/b --no-force-download --no-dry-run    | a/b",
                "a/b --type dataset                      | a/b --repo-type dataset",
                "a/b --type=dataset                      | a/b --repo-type=dataset",
                "a/b --format json                       | a/b --json",
                "a/b --format=quiet                      | a/b -q",
                "a/b --format human                      | a/b",
                "a/b --format agent                      | a/b --progress none",
                // huggingface-cli
                "a/b --resume-download                   | a/b --resume-download",
                "a/b --local-dir-use-symlinks False      | a/b --local-dir-use-symlinks False",
                // modelscope
                "--model a/b --local_dir x               | a/b --local-dir x",
                "--model=a/b f.bin g.bin                 | a/b f.bin g.bin",
                "--dataset a/b --cache_dir x             | --dataset a/b --cache-dir x",
                "a/b --repo_type=dataset                 | a/b --repo-type=dataset",
                "a/b --include *.json *.txt --token t    | a/b --include *.json --include *.txt --token t",
                "--include *.json *.txt a/b f.bin        | --include *.json --include *.txt a/b f.bin",
                // hfd.sh
                "a/b -x 8 -j 4                           | a/b --connections 8 --max-workers 4",
                "a/b -x8 -j4                             | a/b --connections=8 --max-workers=4",
                "a/b --hf_username me --hf_token t       | a/b --hf-username me --token t",
                "a/b --exclude *.gguf config.json        | a/b --exclude *.gguf --exclude config.json",
                "a/b --exclude *.gguf --tool aria2c      | a/b --exclude *.gguf --tool aria2c",
                // ours, left alone
                "a/b f.bin --include *.json,*.txt -v     | a/b f.bin --include *.json,*.txt -v",
                "a/b --include=*.json f.bin              | a/b --include=*.json f.bin",
                "--include *.json a/b                    | --include *.json a/b",
                "a/b --dry-run=false                     | a/b --dry-run=false",
                "a/b -- --model -x                       | a/b -- --model -x",
                "a/b --local-dir=~/models --lock ~/l     | a/b --local-dir=/home/wang/models --lock /home/wang/l",
                "a/b --cache-dir ~                       | a/b --cache-dir /home/wang",
                "a/b --local-dir ~other/x --revision ~   | a/b --local-dir ~other/x --revision ~",
                "a/b --no-such-thing x                   | a/b --no-such-thing x",
                "a/b --lock                              | a/b --lock",
            })
    void isPutIntoOurWords(String theirs, String ours) {
        assertThat(dialect.translated(List.of(theirs.trim().split(" +"))))
                .containsExactly(ours.trim().split(" +"));
    }

    @ParameterizedTest
    @CsvSource({
        "-o, --local-dir",
        "--max-tries, --give-up-after",
        "--total-timeout, --give-up-after",
        "--collection, Name the repositories"
    })
    void whatMeansSomethingElseIsAnsweredWithTheWordForIt(String option, String word) {
        assertThatThrownBy(() -> dialect.translated(List.of("a/b", option, "3")))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining(option)
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .contains(word);
    }

    @Test
    void aFormatThatIsNoneIsRefused() {
        assertThat(desk.run("lab/tiny", "--format", "yaml")).isEqualTo(2);
        assertThat(desk.err()).contains("\"yaml\" is not a format", "--json");
    }

    @Test
    void whatIsExcludedIsNotWhatIsAskedFor() {
        assertThat(desk.run("lab/tiny", "--exclude", "*.gguf", "*.json")).isZero();

        assertThat(desk.request().selection())
                .isEqualTo(Selection.of(List.of(), List.of(), List.of("*.gguf", "*.json")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--include", "--exclude", "--local-dir", "--cache-dir", "--token-file", "--ca-bundle", "--lock"})
    void anEmptyValueIsNeitherEverythingNorHere(String option) {
        assertThat(desk.run("lab/tiny", option, "")).isEqualTo(2);

        assertThat(desk.err()).contains(option + " is empty");
        assertThat(desk.setups).isEmpty();
    }

    @Test
    void theToolsOfScriptsAreAnsweredByANote() {
        assertThat(desk.run("lab/tiny", "--tool", "aria2c", "--hf_username", "wang"))
                .isZero();

        assertThat(desk.err()).contains("--tool is not needed", "--hf_username has no effect");
    }

    @ParameterizedTest
    @CsvSource({
        "list lab/tiny, fetch ls",
        "rm lab/tiny, fetch cache rm",
        "scan-cache --dir x, fetch cache ls",
        "lab/tiny:Q4_K_M, fetch lab/tiny --gguf Q4_K_M",
        "hf.co/lab/tiny:Q4_K_M, fetch lab/tiny --gguf Q4_K_M"
    })
    void wordsOfOthersAreAnsweredWithOurs(String line, String hint) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);

        assertThat(desk.err()).contains(hint);
        assertThat(desk.setups).isEmpty();
    }

    @Test
    void aRepositoryMayBeCalledLikeACommandOfOthers() {
        assertThat(desk.run("list")).isZero();

        assertThat(desk.request().repo().id()).isEqualTo("list");
    }
}
