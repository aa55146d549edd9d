package dev.modelfetch.internal.store.cache;

import dev.modelfetch.internal.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Writes the folder of one repository as the Python library does (huggingface.md 5.2, 5.5, 5.11). */
final class PythonRepo {

    private final Path folder;

    PythonRepo(Path root, String name) throws IOException {
        this.folder = Files.createDirectories(root.resolve(name));
    }

    Path folder() {
        return folder;
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path blob(byte[] content) {
        return folder.resolve("blobs").resolve(Bytes.sha256(content).hex());
    }

    /** A blob and a relative link to it. */
    PythonRepo file(String commit, String path, byte[] content) throws IOException {
        Path blob = blob(content);
        if (!Files.exists(blob)) {
            Files.createDirectories(blob.getParent());
            Files.write(blob, content);
        }
        return link(commit, path, blob);
    }

    PythonRepo link(String commit, String path, Path blob) throws IOException {
        Path link = snapshot(commit).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
        return this;
    }

    /** The file itself, as where there are no links. */
    PythonRepo copy(String commit, String path, byte[] content) throws IOException {
        Path file = snapshot(commit).resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return this;
    }

    PythonRepo ref(String name, String text) throws IOException {
        Path ref = folder.resolve("refs").resolve(name);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, text);
        return this;
    }

    /** The content goes into the store that repositories share, and the blob becomes a link there. */
    PythonRepo share(byte[] content, String xet) throws IOException {
        Path store = folder.resolveSibling("blobs");
        Path entry = store.resolve(xet.substring(0, 2)).resolve(xet);
        Files.createDirectories(entry.getParent());
        Files.writeString(store.resolve(".huggingface-shared-blobs"), "1\n");
        Path blob = blob(content);
        if (Files.exists(entry)) {
            Files.delete(blob);
        } else {
            Files.move(blob, entry);
        }
        Files.createSymbolicLink(blob, blob.getParent().relativize(entry));
        Path users = entry.resolveSibling(xet + ".refs");
        String line = folder.getFileName() + "/blobs/" + blob.getFileName() + "\n";
        Files.writeString(users, (Files.exists(users) ? Files.readString(users) : "") + line);
        Files.writeString(entry.resolveSibling(xet + ".lock"), "");
        return this;
    }

    /** Gives everything below a folder a time, and its links too. */
    static void touch(Path below, Instant time) throws IOException {
        try (var walk = Files.walk(below)) {
            for (Path path : walk.toList()) {
                if (Files.exists(path)) {
                    times(path, time);
                }
            }
        }
    }

    /** When a file was written and read last. */
    static void times(Path file, Instant time) throws IOException {
        Files.setAttribute(file, "lastAccessTime", FileTime.from(time));
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
