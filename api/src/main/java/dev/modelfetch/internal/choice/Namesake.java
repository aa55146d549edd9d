package dev.modelfetch.internal.choice;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Match;
import java.util.List;
import java.util.Optional;

/**
 * Whether a repository of another catalogue is the one that was asked for by the Hub's name: its large files must have
 * the digests that a Hub manifest names (contract, section 7). A different README is no disagreement.
 */
enum Namesake {
    /** At least one large file is the same and none differs. */
    PROVED,
    /** A Hub manifest with large files is there, and this is not what it lists. */
    OTHER,
    /** No Hub manifest has anything that could be compared. */
    UNPROVED;

    /** @param hubs manifests that have come by now; all of them are looked at in one go */
    static Namesake of(Manifest namesake, List<Manifest> hubs) {
        List<Manifest> comparable =
                hubs.stream().filter(Namesake::hasLargeFiles).toList();
        if (comparable.isEmpty()) {
            return UNPROVED;
        }
        boolean same = false;
        for (Manifest hub : comparable) {
            for (RepoFile theirs : hub.files()) {
                Optional<RepoFile> mine = theirs.lfs() ? namesake.file(theirs.path()) : Optional.empty();
                if (mine.isPresent()) {
                    Match match = Match.of(mine.get(), theirs);
                    if (match == Match.OTHER) {
                        return OTHER;
                    }
                    same |= match == Match.SAME;
                }
            }
        }
        return same ? PROVED : OTHER;
    }

    /** The first file in which it is not what a Hub lists, with both digests, in words; empty if none is. */
    static Optional<String> difference(Manifest namesake, List<Manifest> hubs) {
        for (Manifest hub : hubs) {
            for (RepoFile theirs : hub.files()) {
                Optional<RepoFile> mine = theirs.lfs() ? namesake.file(theirs.path()) : Optional.empty();
                if (mine.isPresent() && Match.of(mine.get(), theirs) == Match.OTHER) {
                    return Optional.of(theirs.path() + " is " + shown(mine.get()) + " here and " + shown(theirs)
                            + " at " + hub.source());
                }
            }
        }
        return Optional.empty();
    }

    private static String shown(RepoFile file) {
        return file.digest().map(Digest::toString).orElse(file.size() + " bytes");
    }

    /** A repository of small files only cannot be compared across catalogues, which is no disagreement. */
    static boolean hasLargeFiles(Manifest manifest) {
        return manifest.files().stream().anyMatch(RepoFile::lfs);
    }
}
