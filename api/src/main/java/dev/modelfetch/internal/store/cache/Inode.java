package dev.modelfetch.internal.store.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;

/**
 * Bytes on the disk, whatever the names they have.
 *
 * @param key the same for every name
 * @param used when they were read or written last, as far as the disk tells
 * @param names how many they have, in the cache or elsewhere; 1 where the system does not say
 */
record Inode(Object key, long size, Instant used, Instant modified, int names) {

    private static final String UNIX = "unix";

    /** Of a file, or of the one behind a link. */
    static Inode of(Path file) throws IOException {
        BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = seen.fileKey();
        Instant modified = seen.lastModifiedTime().toInstant();
        Instant accessed = seen.lastAccessTime().toInstant();
        return new Inode(
                key == null ? file.toRealPath() : key,
                seen.size(),
                accessed.isAfter(modified) ? accessed : modified,
                modified,
                names(file));
    }

    private static int names(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
            return 1;
        }
        Map<String, Object> seen = Files.readAttributes(file, UNIX + ":nlink");
        return seen.get("nlink") instanceof Integer names ? names : 1;
    }
}
