package dev.modelfetch.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Which names a disk takes for equal.
 *
 * @param letterCase whether those that differ in case only
 * @param unicodeForm whether those whose letters with marks are composed differently
 */
record NameFolding(boolean letterCase, boolean unicodeForm) {

    /** Nothing is told apart that some disk does not tell apart. */
    static final NameFolding ALL = new NameFolding(true, true);

    private static final String COMPOSED = "\u00e9";
    private static final String DECOMPOSED = "e\u0301";

    /**
     * Asks the disk on which a directory is or will be: what is mounted there may be of another kind than what is above
     * it, so that its own name says nothing. Leaves nothing behind.
     */
    static NameFolding of(Path directory) {
        Path folder = StorageErrors.existing(directory);
        String name = AtomicFile.temporary(folder).getFileName() + "a";
        return new NameFolding(
                same(folder, name, name.toUpperCase(Locale.ROOT)), same(folder, name + COMPOSED, name + DECOMPOSED));
    }

    /** A name without what does not count. */
    String key(String name) {
        String key = unicodeForm ? Normalizer.normalize(name, Normalizer.Form.NFD) : name;
        // Upper before lower case: some letters have several lower-case forms.
        return letterCase ? key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : key;
    }

    private static boolean same(Path folder, String name, String other) {
        try {
            Path file = Files.createFile(folder.resolve(name));
            try {
                return Files.exists(folder.resolve(other));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Nothing can be stored there either, unless it is there already.
            return seen(folder);
        } catch (InvalidPathException e) {
            // Nor can a name be that has such a letter.
            return false;
        }
    }

    /** By what is there: where nothing may be written. */
    private static boolean seen(Path folder) {
        try {
            List<Path> entries =
                    Folders.entries(folder, entry -> !flipped(entry).equals(entry));
            return !entries.isEmpty()
                    && Files.exists(flipped(entries.get(0)))
                    && Files.isSameFile(entries.get(0), flipped(entries.get(0)));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path flipped(Path entry) {
        String name = String.valueOf(entry.getFileName());
        String upper = name.toUpperCase(Locale.ROOT);
        return entry.resolveSibling(upper.equals(name) ? name.toLowerCase(Locale.ROOT) : upper);
    }
}
