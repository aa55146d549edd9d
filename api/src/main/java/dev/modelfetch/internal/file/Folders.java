package dev.modelfetch.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What folders hold. A stream of the JDK that breaks half way throws what no {@code catch (IOException e)} catches; here
 * nothing but {@link IOException} is thrown.
 */
public final class Folders {

    private Folders() {}

    /** The entries of a folder that are wanted, in no order. */
    public static List<Path> entries(Path folder, Predicate<Path> wanted) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path entry : found) {
                if (wanted.test(entry)) {
                    entries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /**
     * Has the names in a folder written to the disk, as a power cut may come. Not where a folder cannot be opened, which
     * some systems do not allow.
     */
    public static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // The system will do it by itself, a little later.
        }
    }

    /** The most recently modified first; what went away meanwhile is left out. */
    public static List<Path> newestFirst(Collection<Path> entries) {
        Map<Path, FileTime> times = new HashMap<>();
        for (Path entry : entries) {
            try {
                times.put(entry, Files.getLastModifiedTime(entry));
            } catch (IOException e) {
                // Not there any more, or as good as not there.
            }
        }
        return times.keySet().stream()
                .sorted(Comparator.comparing(times::get).reversed())
                .toList();
    }

    /**
     * All files below a folder that can be reached, and links to files, in order of their paths. What cannot be read is
     * left out, unless it is the folder itself.
     */
    public static List<Path> filesBelow(Path folder) throws IOException {
        return below(folder, Files::isRegularFile);
    }

    /** All links below a folder that lead to nothing, in order of their paths. */
    public static List<Path> brokenLinksBelow(Path folder) throws IOException {
        return below(folder, path -> Files.isSymbolicLink(path) && !Files.exists(path));
    }

    private static List<Path> below(Path folder, Predicate<Path> wanted) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (wanted.test(path)) {
                    files.add(path);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                if (path.equals(folder)) {
                    throw e;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return files.stream().sorted().toList();
    }

    /** Deletes whatever has that name, if anything has, and all that is below it. Links go, and nothing behind them. */
    public static void delete(Path name) throws IOException {
        Files.walkFileTree(name, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (attributes.isOther()) {
                    // A junction of Windows: a link that does not look like one.
                    Files.deleteIfExists(folder);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes any) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
