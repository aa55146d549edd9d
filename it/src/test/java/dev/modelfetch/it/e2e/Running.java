package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The program while it runs. */
public final class Running {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * How it ended.
     *
     * @param code exit status
     * @param out standard output
     * @param err standard error
     */
    public record Ended(int code, String out, String err) {

        /** The object on standard output, which must hold nothing else. */
        JsonObject json() {
            assertThat(out.lines()).as("lines on stdout, after %s", err).hasSize(1);
            return JsonParser.parseString(out).getAsJsonObject();
        }

        /** The {@code error} object on standard output. */
        JsonObject error() {
            return json().getAsJsonObject("error");
        }

        /** The one line that success prints. */
        public Path path() {
            assertThat(code).as(err).isZero();
            assertThat(out.lines()).hasSize(1);
            return Path.of(out.strip());
        }

        public Ended exits(int expected) {
            assertThat(code).as("exit status, after %s%s", out, err).isEqualTo(expected);
            return this;
        }
    }

    public static Running start(List<String> command, Map<String, String> environment, Path directory, String input)
            throws IOException {
        // Beside the home, not in it: what the program leaves in its home is looked at.
        Path out = Files.createTempFile("modelfetch-e2e", ".out");
        Path err = Files.createTempFile("modelfetch-e2e", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new Running(process, out, err);
    }

    /** Waits until that many bytes of a file are on disk, as {@code --progress json} tells. */
    public Running awaitBytes(String path, long bytes) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive())
                    .as("still running, after %s", text(err))
                    .isTrue();
            return events("progress")
                    .anyMatch(event -> event.get("path").getAsString().equals(path)
                            && event.get("done").getAsLong() >= bytes);
        });
        return this;
    }

    /** Waits for a line of standard output that begins so, and returns the rest of it. */
    public String awaitOut(String beginning) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(process.isAlive())
                    .as("still running, after %s", text(err))
                    .isTrue();
            return text(out).lines().anyMatch(line -> line.startsWith(beginning))
                    && text(out).endsWith("\n");
        });
        try {
            return text(out)
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow()
                    .substring(beginning.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself, to be ended without a moment's delay. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** The signal by its name without SIG. */
    public Running signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
        return this;
    }

    /** Waits for the end and forgets the files of its output. */
    public Ended end() throws IOException, InterruptedException {
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended).as("ended in time, after %s", text(err)).isTrue();
            return new Ended(process.exitValue(), text(out), text(err));
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private Stream<JsonObject> events(String word) throws IOException {
        String all = text(err);
        // The last line may be half written.
        return all.substring(0, all.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(event -> event.get("event").getAsString().equals(word));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
