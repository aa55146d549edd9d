package dev.modelfetch.source.huggingface;

import dev.modelfetch.RepoFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of a repository as far as one kind of question could list them.
 *
 * @param files rows with a size, in the order of the answer
 * @param bare paths that were named without a size
 * @param flaw why rows may be missing, as a clause for people; null when the listing came to its regular end
 */
public record HubListing(
        List<RepoFile> files, List<String> bare, @Nullable String flaw) {
    public HubListing {
        files = List.copyOf(files);
        bare = List.copyOf(bare);
    }

    /** Whether nothing is missing. */
    public boolean whole() {
        return flaw == null && bare.isEmpty();
    }
}
