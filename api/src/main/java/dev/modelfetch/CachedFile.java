package dev.modelfetch;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One file of a revision in a hub cache.
 *
 * @param path in the repository
 * @param blob where its bytes are: behind the link, or the file itself where there are no links
 * @param size in bytes
 * @param lastAccessed when it was read or written last, as far as the disk tells
 * @param lastModified when it was stored
 * @param from every source that contributed bytes; empty if we do not know
 * @param verified who vouches for it; empty if we do not know, or the content was found damaged since
 */
public record CachedFile(
        String path,
        Path blob,
        long size,
        Instant lastAccessed,
        Instant lastModified,
        List<String> from,
        Optional<Verification> verified) {

    public CachedFile {
        from = List.copyOf(from);
    }
}
