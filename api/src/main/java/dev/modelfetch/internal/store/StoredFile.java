package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Verification;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that is there and correct.
 *
 * @param path where a user finds it
 * @param sha256 of its bytes
 * @param from sources that contributed; {@code cache} alone when another program had stored it
 * @param verified who vouched for it when it was stored
 */
public record StoredFile(Path path, Digest sha256, List<String> from, Verification verified) {
    public StoredFile {
        from = List.copyOf(from);
    }
}
