package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of {@code fetch completion}, run by the shells they are for, as far as those are here. */
class CompletionTest {

    /** Command line up to the cursor; words that must be offered, words that must not. */
    private static final String CASES = """
            fetch lo|login logout|ls
            fetch |whoami cache help acme-lab/aurora-7b datasets/acme-lab/poems gpt2|models--gpt2 .locks
            fetch ac|acme-lab/aurora-7b|aliases
            fetch --source |auto huggingface mirror modelscope|login
            fetch --dry|--dry-run|
            fetch ls --source mirror |gpt2|login mirror
            fetch --json cache |ls rm prune verify|gpt2
            fetch cache rm gpt2 |acme-lab/aurora-7b|ls
            fetch cache rm --d|--dry-run|
            fetch login --so|--source|
            fetch completion |bash zsh fish|gpt2
            fetch acme-lab/aurora-7b |-|login gpt2
            fetch help who|whoami|
            fetch verify dat|datasets/acme-lab/poems|
            """;

    private final Desk desk = new Desk();

    @TempDir
    Path home;

    @BeforeEach
    void aCache() throws IOException {
        for (String folder :
                List.of("models--acme-lab--aurora-7b", "models--gpt2", "datasets--acme-lab--poems", ".locks")) {
            Files.createDirectories(home.resolve(".cache/huggingface/hub").resolve(folder));
        }
    }

    private Path script(String shell) throws IOException {
        assertThat(desk.run("completion", shell)).isZero();
        assertThat(desk.err()).isEmpty();
        return Files.writeString(home.resolve("fetch." + shell), desk.out());
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment()
                .putAll(java.util.Map.of(
                        "HOME", home.toString(), "PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "TERM", "dumb"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.lines().toList();
    }

    private static void assumeInstalled(String shell) {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell))),
                shell + " is not here");
    }

    private static Stream<String[]> cases() {
        return CASES.lines().map(line -> line.split("\\|", -1));
    }

    private static void assertOffered(String[] expected, List<String> offered) {
        if (!expected[1].equals("-")) {
            assertThat(offered).as(expected[0]).contains(expected[1].split(" "));
        }
        if (!expected[2].isEmpty()) {
            assertThat(offered).as(expected[0]).doesNotContain(expected[2].split(" "));
        }
    }

    @Test
    void bashOffersWhatFits() throws Exception {
        assumeInstalled("bash");
        Path script = script("bash");
        for (String[] each : cases().toList()) {
            assertOffered(each, bash(script, each[0]));
        }
    }

    private List<String> bash(Path script, String line) throws Exception {
        return run("bash", "--norc", "-c", """
                source "$1"
                line=$2
                read -r -a COMP_WORDS <<< "${line//=/ = }"
                [[ $line == *" " ]] && COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _fetch
                printf '%s\\n' "${COMPREPLY[@]}"
                """, "bash", script.toString(), line);
    }

    @Test
    void bashTakesValuesApartAtTheSign() throws Exception {
        assumeInstalled("bash");
        Path script = script("bash");

        assertThat(bash(script, "fetch ls --source=mi")).containsExactly("mirror");
        assertThat(bash(script, "fetch ls --source=mirror g")).containsExactly("gpt2");
    }

    @Test
    void fishOffersWhatFits() throws Exception {
        assumeInstalled("fish");
        Path script = script("fish");
        for (String[] each : cases().toList()) {
            List<String> offered = run(
                    "fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script.toString(), each[0]);
            assertOffered(each, offered.stream().map(row -> row.split("\t")[0]).toList());
        }
    }

    /** Completion happens in zsh's line editor only, which a test would have to type into: here, that zsh understands it. */
    @Test
    void zshUnderstandsTheScript() throws Exception {
        assumeInstalled("zsh");
        Path script = script("zsh");

        assertThat(run(
                        "zsh",
                        "-f",
                        "-c",
                        "autoload -Uz compinit && compinit -u -d $HOME/dump; source $1; print $_comps[fetch]; _fetch_list_stored",
                        "zsh",
                        script.toString()))
                .containsExactly("_fetch", "datasets/acme-lab/poems", "acme-lab/aurora-7b", "gpt2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void everyCommandAndOptionIsInTheScript(String shell) throws IOException {
        String script = Files.readString(script(shell));

        assertThat(script).contains("login", "whoami", "aliases", "prune", "give-up-after", "repair", "modelscope");
        assertThat(script).doesNotContain("resume-download", "@STORED@", "@VALUED@", "@COMMANDS@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zsh", "fish"})
    void descriptionsAreInThePersonsLanguage(String shell) throws IOException {
        desk.environment.put("LC_ALL", "zh_CN.UTF-8");

        assertThat(Files.readString(script(shell))).contains("本机已保存", "替换某个来源的地址");
    }

    @ParameterizedTest
    @CsvSource({"completion, Missing required parameter", "completion tcsh, There is no completion for"})
    void anotherShellIsRefused(String line, String words) {
        assertThat(desk.run(line.split(" "))).isEqualTo(2);
        assertThat(desk.err()).contains(words);
    }
}
