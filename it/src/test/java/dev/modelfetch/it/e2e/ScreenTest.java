package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people see in a real terminal, captured from it. */
class ScreenTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Content WEIGHTS = Content.generated(3, 6_000_000);
    private static final Repository MODEL = Repository.model("acme-lab/a-model-whose-name-is-rather-long-Instruct-GGUF")
            .file("config.json", "{}\n")
            .lfs("model.safetensors", WEIGHTS);

    /** How far the whole is; nothing else has a percentage. */
    private static final Predicate<String> TOTAL = Pattern.compile("^ *\\d+% ").asPredicate();

    @RegisterExtension
    final Lab lab = Lab.of(MODEL);

    @BeforeEach
    void slowly() throws InterruptedException {
        assumeTrue(isInstalled(), "no tmux");
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(1_000_000));
    }

    @AfterEach
    void leave() throws Exception {
        tmux("kill-server");
    }

    @Test
    void oneBlockThatGrowsAndGoes() throws Exception {
        start(80, "LC_ALL", "C.UTF-8");

        List<String> screen = awaitScreen(lines -> lines.stream()
                .anyMatch(Pattern.compile("^ *\\d+% \\[[=>-]+ *] +[\\d.]+ of 6\\.0 MB +[\\d.]+ .?B/s")
                        .asPredicate()));
        assertThat(screen).filteredOn(TOTAL).hasSize(1);
        int total = indexOf(screen, TOTAL);
        assertThat(screen.get(total + 1)).matches("  mirror +[\\d.]+ .?B/s .*");
        assertThat(screen.subList(total + 2, screen.size())).allMatch(String::isBlank);

        List<String> end = awaitEnd();
        assertThat(end).noneMatch(TOTAL);
        assertThat(said(end))
                .matches("(?s).*fetched 2 files, 6\\.0 MB, in [\\d.]+ m?i?n?s.*: mirror\n"
                        + "checked all 2 against the sender only\n"
                        + "/.*/snapshots/[0-9a-f]{40}\n.*");
    }

    @Test
    void aWindowThatBecomesNarrowerIsPaintedAnew() throws Exception {
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(400_000));
        start(120, "LC_ALL", "C.UTF-8");
        awaitScreen(lines -> lines.stream().anyMatch(TOTAL));

        for (int columns : new int[] {59, 39, 100}) {
            tmux("resize-window", "-x", Integer.toString(columns), "-y", "24");
            List<String> screen =
                    awaitScreen(lines -> lines.stream().filter(TOTAL).count() == 1 && hasBar(lines) == (columns >= 60));
            assertThat(screen).as("at %d columns", columns).allMatch(line -> line.length() <= columns);
        }
        assertThat(awaitEnd()).noneMatch(TOTAL);
    }

    @Test
    void chineseHasTheSameLayout() throws Exception {
        start(80, "LC_ALL", "zh_CN.UTF-8");

        List<String> screen = awaitScreen(lines -> lines.stream().filter(TOTAL).count() == 1 && hasBar(lines));
        assertThat(screen.get(indexOf(screen, TOTAL) + 1)).startsWith("  mirror       ");
        assertThat(said(awaitEnd())).contains("/snapshots/").doesNotContain("fetched");
    }

    @Test
    void aTerminalThatCannotDrawHasPlainLines() throws Exception {
        start(80, "LC_ALL", "C.UTF-8", "TERM", "dumb");

        List<String> end = awaitEnd();
        assertThat(said(end)).contains("fetched 2 files").doesNotContain("[=").doesNotContain("\u001b");
    }

    private static boolean hasBar(List<String> lines) {
        return lines.stream().filter(TOTAL).anyMatch(line -> line.contains("["));
    }

    private static String said(List<String> lines) {
        return String.join("\n", lines);
    }

    private static int indexOf(List<String> lines, Predicate<String> which) {
        return lines.indexOf(lines.stream().filter(which).findFirst().orElseThrow());
    }

    /** @param variables for the program, names and values in turn; tmux itself names the terminal */
    private void start(int columns, String... variables) throws Exception {
        List<String> launcher = new ArrayList<>(List.of("tmux", "-u", "-S", socket(), "-f", "/dev/null"));
        launcher.addAll(List.of("start-server", ";", "set-option", "-g", "remain-on-exit", "on", ";"));
        launcher.addAll(List.of("new-session", "-d", "-x", Integer.toString(columns), "-y", "24", "env"));
        for (int i = 0; i < variables.length; i += 2) {
            launcher.add(variables[i] + "=" + variables[i + 1]);
        }
        lab.program().under(launcher.toArray(new String[0])).run(MODEL.id(), "--source", "mirror");
    }

    private List<String> awaitScreen(Predicate<List<String>> condition) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(this::screen, condition);
    }

    /** What stands there when the program has ended. */
    private List<String> awaitEnd() throws IOException, InterruptedException {
        await().atMost(PATIENCE)
                .until(() ->
                        tmux("display-message", "-p", "#{pane_dead}").strip().equals("1"));
        return tmux("capture-pane", "-p", "-J")
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    private List<String> screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p").lines().map(String::stripTrailing).toList();
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private String socket() {
        return lab.home().resolve("tmux").toString();
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("tmux", "-V")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
