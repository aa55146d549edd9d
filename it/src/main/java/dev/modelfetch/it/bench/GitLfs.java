package dev.modelfetch.it.bench;

import dev.modelfetch.it.bench.Scenario.Act;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code git lfs pull} in a clone that is already there, pointers and small files included; only the large ones are
 * measured.
 *
 * @param git path, empty when absent
 * @param lfs path of {@code git-lfs}, empty when absent
 */
record GitLfs(Optional<String> git, Optional<String> lfs) implements Peer {

    @Override
    public String name() {
        return "git lfs pull";
    }

    @Override
    public String version() {
        return lfs.map(file -> Toolbox.firstLine(file, "version")).orElse("").replaceAll(" \\(.*", "");
    }

    @Override
    public Optional<String> absent() {
        return git.isPresent() && lfs.isPresent() ? Optional.empty() : Optional.of("needs git and git-lfs on the path");
    }

    @Override
    public Optional<String> unfit(Scenario scenario) {
        if (scenario.act() == Act.REPEAT) {
            return Optional.of("a second pull asks no server, a git fetch would have to come first");
        }
        boolean large = scenario.repository().head().files().values().stream().anyMatch(StoredFile::lfs);
        return large ? Optional.empty() : Optional.of("small files come with git itself");
    }

    @Override
    public Hub hub(Scenario scenario) {
        return scenario.forPlainTools();
    }

    @Override
    public Command prepare(Errand errand) throws IOException {
        Path clone = errand.directory("clone");
        for (StoredFile file : errand.repository().head().files().values()) {
            Path path = clone.resolve(file.path());
            Files.createDirectories(path.getParent());
            Files.write(path, (file.lfs() ? file.pointer() : file.content()).toByteArray());
        }
        Files.writeString(clone.resolve(".gitattributes"), "*.safetensors filter=lfs diff=lfs merge=lfs -text\n");
        git(clone, "init", "-q");
        git(clone, "add", ".");
        git(clone, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "Pointers");
        git(clone, "config", "lfs.url", errand.objects());
        git(clone, "lfs", "install", "--local");
        return plain(clone, List.of("lfs", "pull"));
    }

    private void git(Path clone, String... arguments) throws IOException {
        try {
            int status = plain(clone, List.of(arguments)).start().waitFor();
            if (status != 0) {
                throw new IOException("git " + arguments[0] + " ended with " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while git worked");
        }
    }

    private Command plain(Path clone, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(git.orElseThrow()));
        words.addAll(arguments);
        // The machine's own settings may install the filter, which would download while files are added.
        return Command.of(clone, words.toArray(String[]::new)).with("GIT_CONFIG_NOSYSTEM", "1");
    }
}
