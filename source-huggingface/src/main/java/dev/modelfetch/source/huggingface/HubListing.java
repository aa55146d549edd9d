package dev.modelfetch.source.huggingface;

import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of a repository as far as one kind of question could list them.
 *
 * @param files rows with a size, in the order of the answer
 * @param bare paths that were named without a size
 * @param flaw why rows may be missing, as a clause for people; null when the listing came to its regular end
 * @param understood whether every row was of a type that is known to be a file or to be none
 */
public record HubListing(
        List<RepoFile> files, List<String> bare, @Nullable String flaw, boolean understood) {
    public HubListing {
        files = List.copyOf(files);
        bare = List.copyOf(bare);
    }

    /** Whether it came to its regular end without a file. */
    boolean isEmpty() {
        return whole() && files.isEmpty();
    }

    /** Whether all rows came, and each file with its size. */
    public boolean whole() {
        return flaw == null && bare.isEmpty();
    }

    /** As the answer of that source. */
    public Manifest manifest(Resolved resolved, SourceProfile source) {
        Manifest manifest = resolved.manifest(source, files);
        return whole() && understood ? manifest : manifest.incomplete();
    }
}
