package dev.modelfetch.it.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The program under test, started as a user would, in a home that has seen nothing but the launcher's class archive. */
final class Ourselves implements Peer {

    private static final int SECONDS_TO_REHEARSE = 60;

    private final Path launcher;
    private final Path archives;
    private final String version;

    private Ourselves(Path launcher, Path archives, String version) {
        this.launcher = launcher;
        this.archives = archives;
        this.version = version;
    }

    /**
     * Takes a copy of the program, so that a build in the meantime changes nothing, and lets the launcher make its class
     * archive, as it does on every machine after the first start.
     */
    static Ourselves install(Path launcher, Path into) throws IOException {
        String version = Toolbox.firstLine(launcher.toString(), "--version");
        Path jar = launcher.resolveSibling("cli/target/modelfetch.jar");
        Path built = Files.exists(jar) ? jar : launcher.resolveSibling("modelfetch.jar");
        Files.createDirectories(into);
        Files.copy(built, into.resolve("modelfetch.jar"), StandardCopyOption.COPY_ATTRIBUTES);
        Path copy = Files.copy(launcher, into.resolve("fetch"), StandardCopyOption.COPY_ATTRIBUTES);
        Path caches = Files.createDirectories(into.resolve("caches"));
        Ourselves program = new Ourselves(copy, caches.resolve("modelfetch"), version);
        program.rehearse(Command.of(into, copy.toString(), "--version").with("XDG_CACHE_HOME", caches.toString()));
        return program;
    }

    @Override
    public String name() {
        return "modelfetch";
    }

    @Override
    public String version() {
        return version + (archive().isPresent() ? ", with its class archive" : ", without a class archive");
    }

    @Override
    public Optional<String> absent() {
        return Optional.empty();
    }

    @Override
    public Hub hub(Scenario scenario) {
        return Hub.HUGGING_FACE;
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        Path settings = errand.directory("config/modelfetch").resolve("config.json");
        Files.writeString(settings, new Gson().toJson(Map.of("v", 1, "endpoints", errand.endpoints())));
        Optional<Path> archive = archive();
        if (archive.isPresent()) {
            Path own =
                    errand.directory("cache/modelfetch").resolve(archive.get().getFileName());
            Files.copy(archive.get(), own, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        String repository =
                (errand.dataset() ? "datasets/" : "") + errand.repository().id();
        return Command.of(errand.home(), launcher.toString(), repository)
                .with("XDG_CONFIG_HOME", errand.home().resolve("config").toString())
                .with("XDG_CACHE_HOME", errand.home().resolve("cache").toString())
                .with("HF_HOME", errand.home().resolve("huggingface").toString())
                .with("MODELFETCH_NO_ARCHIVE", "1");
    }

    private void rehearse(Command start) throws IOException {
        try {
            start.start().waitFor();
            for (int i = 0; i < 10 * SECONDS_TO_REHEARSE && archive().isEmpty(); i++) {
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the class archive was made");
        }
    }

    private Optional<Path> archive() {
        if (!Files.isDirectory(archives)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(archives)) {
            return List.copyOf(files.toList()).stream()
                    .filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
