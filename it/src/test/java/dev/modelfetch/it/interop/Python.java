package dev.modelfetch.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A virtual environment with the clients that people use, made once for all runs. Tests that need it are skipped, and
 * say why, where there is no Python or the packages cannot be had.
 */
public final class Python {

    /** As of November 2026. */
    private static final List<String> PACKAGES = List.of(
            "huggingface_hub==2.4.0",
            "modelscope==1.40.2",
            "datasets==5.2.0",
            "safetensors==0.8.0",
            "tokenizers==0.23.3",
            "transformers==5.24.0",
            "numpy");

    private static final Path FOLDER = Path.of("target", "interop").toAbsolutePath();

    private final Path bin;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** What a client has printed. */
    public record Ended(int code, String out) {

        public Ended exits(int expected) {
            assertThat(code).as("exit status, after %s", out).isEqualTo(expected);
            return this;
        }
    }

    private Python(Path bin, Path home) {
        this.bin = bin;
        environment.put("HOME", home.toString());
        environment.put("HF_HOME", home.resolve("huggingface").toString());
        environment.put("MODELSCOPE_CACHE", home.resolve("modelscope").toString());
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("HF_HUB_DISABLE_XET", "1");
        environment.put("HF_HUB_DISABLE_TELEMETRY", "1");
        environment.put("NO_COLOR", "1");
    }

    /** With that home; the test is skipped if it cannot be had. */
    public static Python at(Path home) throws IOException, InterruptedException {
        return new Python(installed(), home);
    }

    public Python with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs a script. */
    public Ended script(String text) throws IOException, InterruptedException {
        return run("python", "-c", text);
    }

    /** Runs one of the installed commands to its end. */
    public Ended run(String command, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("modelfetch-interop", ".out");
        try {
            Process process = start(out, command, arguments);
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(() -> command + " ended in time")
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(out));
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /** Starts one of the installed commands; the caller sees to its end. */
    public Process start(Path out, String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(bin.resolve(command).toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static synchronized Path installed() throws IOException, InterruptedException {
        Path bin = FOLDER.resolve("python").resolve("bin");
        Path done = FOLDER.resolve("installed");
        String wanted = String.join("\n", PACKAGES);
        if (Files.exists(done) && Files.readString(done).equals(wanted)) {
            return bin;
        }
        Files.createDirectories(FOLDER);
        required("python3", "-m", "venv", "--clear", FOLDER.resolve("python").toString());
        List<String> install = new ArrayList<>(List.of(bin.resolve("pip").toString(), "install", "-q"));
        install.addAll(PACKAGES);
        required(install.toArray(new String[0]));
        Files.writeString(done, wanted);
        return bin;
    }

    private static void required(String... command) throws IOException, InterruptedException {
        Path log = FOLDER.resolve("install.log");
        int status;
        try {
            status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            Assumptions.abort("skipped: " + command[0] + " is not there: " + e.getMessage());
            return;
        }
        String said = Files.readString(log);
        Assumptions.assumeTrue(
                status == 0,
                () -> "skipped: " + String.join(" ", command) + " failed: "
                        + said.lines().reduce((a, b) -> b).orElse(""));
    }
}
