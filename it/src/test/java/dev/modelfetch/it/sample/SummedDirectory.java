package dev.modelfetch.it.sample;

import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A repository as the directory source wants to find it. */
public final class SummedDirectory {

    private SummedDirectory() {}

    /** Writes it below the root, with its sums; returns its own folder. */
    public static Path write(Path root, Repository repository) throws IOException {
        Path folder = root.resolve(repository.id());
        List<String> sums = new ArrayList<>();
        for (StoredFile file : repository.head().files().values()) {
            Path path = folder.resolve(file.path());
            Files.createDirectories(path.getParent());
            try (OutputStream out = Files.newOutputStream(path)) {
                file.content().write(out, 0, file.content().size());
            }
            sums.add(file.content().sha256() + "  " + file.path());
        }
        Files.write(folder.resolve("SHA256SUMS"), sums);
        return folder;
    }
}
