package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.spi.SourceException;

/**
 * What a listing cannot say whoever it is from. Found before a byte is asked for: it is the fault of the source that lists,
 * and proves nothing about the repository, the files, or others who have them.
 */
final class Consistency {

    private Consistency() {}

    /** @throws SourceException if it contradicts itself; the cause is what a job ends with if nobody lists better */
    static void check(Manifest manifest) throws SourceException {
        for (RepoFile row : manifest.files()) {
            if (manifest.file(row.path()).filter(row::equals).isEmpty()) {
                throw damaged(manifest, "it names " + row.path() + " twice, with different contents");
            }
            // The only length whose digest is known beforehand.
            if (row.size() == 0 && !Content.NOTHING.mayBe(row)) {
                throw damaged(
                        manifest,
                        row.path() + " has no bytes there, and the digest "
                                + row.digest().orElseThrow() + " of some");
            }
        }
    }

    private static SourceException damaged(Manifest manifest, String how) {
        String words = "the file list of " + manifest.source() + " contradicts itself: " + how;
        return new SourceException(
                new Verdict.Blocked(words),
                new FetchException.Corrupt(
                        "Nothing of " + manifest.repo() + " can be verified: " + words + ".",
                        "Try another --source; if it persists, report it to the source."));
    }
}
