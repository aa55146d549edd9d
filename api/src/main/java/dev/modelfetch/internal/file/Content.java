package dev.modelfetch.internal.file;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes themselves say about their identity.
 *
 * @param sha256 always computed
 * @param gitBlob null when nobody needed it: large files are not named by it
 */
public record Content(Digest sha256, @Nullable Digest gitBlob) {

    /** Of a file of no bytes. */
    public static final Content NOTHING = new Hasher(0, true).finish();

    /** Whether these bytes have every digest the row names; a row without digests is satisfied by anything. */
    public boolean satisfies(RepoFile file) {
        return mayBe(file) && (file.gitBlob() == null || gitBlob != null);
    }

    /** Whether no digest that both know speaks against it. */
    public boolean mayBe(RepoFile file) {
        return Match.of(this, file) != Match.OTHER;
    }

    /**
     * The Hub's name for the content (huggingface.md 5.1).
     *
     * @throws IllegalStateException if the git id is needed and was not computed
     */
    public String etag(boolean lfs) {
        if (lfs) {
            return sha256.hex();
        }
        if (gitBlob == null) {
            throw new IllegalStateException("the git id was not computed");
        }
        return gitBlob.hex();
    }
}
