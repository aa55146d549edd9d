package dev.modelfetch;

import java.util.List;
import java.util.Optional;

/**
 * The files of one repository at one commit, as one source lists them.
 *
 * @param source id of the source that listed it
 * @param family hub family: sources of one family share commits
 * @param repo the repository as this source knows it; may be an alias of what was asked for
 * @param revision the branch or tag as this source spells it, or the commit
 * @param commit immutable version; 40 hex digits on the known hubs
 * @param files in the order of the listing, directories left out
 * @param complete false when the source is known to have dropped rows
 */
public record Manifest(
        String source,
        String family,
        Repo repo,
        String revision,
        String commit,
        List<RepoFile> files,
        boolean complete) {

    public Manifest {
        files = List.copyOf(files);
    }

    /** The row of that exact path. Linear; index the list yourself for many look-ups. */
    public Optional<RepoFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    /** Sum of all sizes, in bytes. */
    public long totalSize() {
        return files.stream().mapToLong(RepoFile::size).sum();
    }
}
