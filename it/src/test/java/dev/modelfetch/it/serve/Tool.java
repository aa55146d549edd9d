package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that people fetch with, which may or may not be on this machine; a test without its own is skipped, and says so. */
final class Tool {

    private static final String NODE_CLIENT = "@huggingface/hub@2.17.5";

    private Tool() {}

    /**
     * How one ended.
     *
     * @param out both of its outputs
     */
    record Ended(int code, String out) {

        Ended exits(int expected) {
            assertThat(code).as("exit status, after %s", out).isEqualTo(expected);
            return this;
        }
    }

    static Ended run(Path directory, String... command) throws IOException, InterruptedException {
        return run(directory, List.of(command));
    }

    static Ended run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("modelfetch-tool", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("GIT_TERMINAL_PROMPT", "0");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            Process process = builder.start();
            assertThat(process.waitFor(180, TimeUnit.SECONDS))
                    .as(command.get(0))
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(out));
        } catch (IOException e) {
            Assumptions.abort("skipped: " + command.get(0) + " is not there: " + e.getMessage());
            throw e;
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /** A folder in which Node finds the client; installed once. */
    static synchronized Path node() throws IOException, InterruptedException {
        Path folder = Path.of("target", "serve-node").toAbsolutePath();
        if (!Files.isDirectory(folder.resolve("node_modules/@huggingface/hub"))) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}\n");
            Ended ended = run(folder, "npm", "install", "--no-audit", "--no-fund", NODE_CLIENT);
            Assumptions.assumeTrue(ended.code() == 0, () -> "skipped: npm install failed: " + ended.out());
        }
        return folder;
    }
}
