package dev.modelfetch.it.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.it.e2e.Running;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The archive with a Java of its own, unpacked where nobody expects a program to be. */
@Tag("dist")
class ArchiveTest {

    private static final String REPO = "acme-lab/tiny";

    private static final Repository MODEL =
            Repository.model(REPO).file("config.json", "{}").lfs("model.safetensors", Content.generated(1, 3_000_000));

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    private BareMachine machine;
    private Path fetch;

    @BeforeEach
    void unpack() throws Exception {
        machine = new BareMachine(lab.home(), lab.hubs().endpoints());
        String os = System.getProperty("os.name").split(" ")[0].toLowerCase(Locale.ROOT);
        Path archive = BareMachine.product("*-" + os + "-" + System.getProperty("os.arch") + ".tar.gz");
        Path folder = Files.createDirectories(machine.home().resolve("my programs/模型"));
        machine.run("tar", "-xzf", archive, "-C", folder).exits(0);
        try (var unpacked = Files.list(folder)) {
            fetch = unpacked.findFirst().orElseThrow().resolve("bin/fetch");
        }
    }

    @Test
    void fetchesAndLeavesNothingButTheCaches() throws Exception {
        assertThat(machine.run(fetch, "--version").exits(0).out()).startsWith("Modelfetch ");

        Path path = machine.run(fetch, REPO).path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(MODEL));
        Files.createSymbolicLink(machine.home().resolve("fetch"), fetch);
        assertThat(machine.run("./fetch", REPO, "--offline").path()).isEqualTo(path);
        assertThat(BareMachine.files(machine.home()))
                .allMatch(file -> file.matches("(my programs|\\.tools|\\.config|\\.cache)/.*|fetch"));
    }

    @Test
    void whatShellsAndReadersWantLiesWhereTheyLook() throws IOException {
        Path home = fetch.resolveSibling("..").normalize();

        assertThat(home.resolve("share/bash-completion/completions/fetch"))
                .content()
                .contains("complete -");
        assertThat(home.resolve("share/zsh/site-functions/_fetch")).content().startsWith("#compdef fetch");
        assertThat(home.resolve("share/fish/vendor_completions.d/fetch.fish"))
                .content()
                .contains("complete -c fetch");
        assertThat(home.resolve("share/man/man1/fetch.1")).isNotEmptyFile();
        assertThat(home.resolve("docs/performance.md")).isNotEmptyFile();
    }

    @Test
    void saysWhatToTypeWhenAskedForNothing() throws Exception {
        Running.Ended ended = machine.run(fetch).exits(2);

        assertThat(ended.err())
                .contains("fetch Qwen/", "fetch doctor", "fetch --help")
                .doesNotContain("rror");
        assertThat(ended.out()).isEmpty();
    }

    /** The first process of a container gets no signal that it has not asked for. */
    @Test
    void endsInOrderAsTheFirstProcessOfAContainer() throws Exception {
        assumeTrue(
                Commands.work("unshare", "--pid", "--fork", "--mount-proc", "true"),
                "no right to make a pid namespace");
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(300_000));
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(300_000));
        lab.hubs().modelScope().dataFaults().add(Fault.totalRate(300_000));
        Running running =
                machine.start("unshare", "--pid", "--fork", "--mount-proc", fetch, REPO, "--progress", "json");
        running.awaitBytes("model.safetensors", 100_000);
        ProcessHandle first = running.handle().children().findFirst().orElseThrow();
        assertThat(Files.readString(Path.of("/proc/" + first.pid() + "/status")))
                .containsPattern("NSpid:\\s\\d+\\s1\n");

        new ProcessBuilder("kill", "-TERM", Long.toString(first.pid())).start().waitFor();

        Running.Ended ended = running.end().exits(143);
        assertThat(ended.err().lines().toList()).last().asString().contains("\"event\":\"error\"", "130");
    }
}
