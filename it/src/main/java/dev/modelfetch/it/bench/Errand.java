package dev.modelfetch.it.bench;

import dev.modelfetch.RepoType;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a tool is asked to do, and where.
 *
 * @param repository to be fetched
 * @param endpoint of the hub this tool talks to
 * @param endpoints of all hubs by source id
 * @param files of the repository, with addresses at that hub
 * @param objects address of a git LFS server that knows them
 * @param home an empty directory that is the tool's home and working directory
 */
record Errand(
        Repository repository,
        String endpoint,
        Map<String, String> endpoints,
        List<Wanted> files,
        String objects,
        Path home) {

    boolean dataset() {
        return repository.type() == RepoType.DATASET;
    }

    /** A directory in the home, made on the way. */
    Path directory(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    /** Writes a file into the home. */
    Path write(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }
}
