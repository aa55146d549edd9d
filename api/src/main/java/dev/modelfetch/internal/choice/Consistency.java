package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.SafePath;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;

/**
 * What an answer cannot say whoever it is from. Found before a byte is asked for: it is the fault of the source that says
 * it, and proves nothing about the repository, the files, or others who have them.
 */
final class Consistency {

    /** An exbibyte: sums of sizes must not overflow. */
    private static final long MOST_BYTES = 1L << 60;

    private Consistency() {}

    /** @throws SourceException if it is no answer to a question for that repository */
    static void check(Repo asked, Resolved resolved) throws SourceException {
        if (resolved.repo().type() != asked.type()) {
            throw broken("resolved a " + resolved.repo().type().word() + ", and was asked for a "
                    + asked.type().word());
        }
        if (!Manifest.isCommit(resolved.commit())) {
            throw SourceException.blocked("names a commit that cannot be stored: \""
                    + SafePath.printable(resolved.commit())
                    + "\"; it has to be 4 to 128 letters, digits, - or _");
        }
    }

    /**
     * @param source who lists
     * @param resolved what it was to list
     * @throws SourceException if it is not that, or contradicts itself; its cause, if there is one, is what a job ends with
     *     if nobody lists better
     */
    static void check(SourceProfile source, Resolved resolved, Manifest manifest) throws SourceException {
        check("source", source.id(), manifest.source());
        check("family", source.family(), manifest.family());
        check("repository", resolved.repo(), manifest.repo());
        check("revision", resolved.revision(), manifest.revision());
        check("commit", resolved.commit(), manifest.commit());
        check(manifest);
    }

    private static void check(String what, Object promised, Object listed) throws SourceException {
        if (!promised.equals(listed)) {
            throw broken("its list is of the " + what + " " + SafePath.printable(String.valueOf(listed)) + ", not of "
                    + promised + " as promised");
        }
    }

    static void check(Manifest manifest) throws SourceException {
        long bytes = 0;
        for (RepoFile row : manifest.files()) {
            if (manifest.file(row.path()).filter(row::equals).isEmpty()) {
                throw damaged(
                        manifest, "it names " + SafePath.printable(row.path()) + " twice, with different contents");
            }
            // The only length whose digest is known beforehand.
            if (row.size() == 0 && !Content.NOTHING.mayBe(row)) {
                throw damaged(
                        manifest,
                        SafePath.printable(row.path()) + " has no bytes there, and the digest "
                                + row.digest().orElseThrow() + " of some");
            }
            if (row.size() > MOST_BYTES - bytes) {
                throw damaged(manifest, "it claims more than " + (MOST_BYTES >> 50) + " PiB of content");
            }
            bytes += row.size();
        }
    }

    private static SourceException broken(String how) {
        return new SourceException(new Verdict.Broken(how));
    }

    private static SourceException damaged(Manifest manifest, String how) {
        String words = "the file list of " + manifest.source() + " contradicts itself: " + how;
        return new SourceException(
                new Verdict.Blocked(words),
                new FetchException.Corrupt(
                        Message.of(
                                "nothing-verifiable",
                                "Nothing of {0} can be verified: {1}.",
                                manifest.repo(),
                                new Phrase.Clause(words)),
                        Hint.of("report-source", "Try another source; if it persists, report it to this one.")));
    }
}
