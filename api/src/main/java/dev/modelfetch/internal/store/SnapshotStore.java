package dev.modelfetch.internal.store;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.StorageErrors;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of one commit are kept. A job calls {@link #check}, {@link #prepare}, then for each file
 * {@link #find}, or {@link #partial} and {@link #publish}, and at the end {@link #finish}; after a kill at any instant
 * the same calls go on from what is there. Safe for several threads working on different files.
 *
 * <p>Methods that throw {@link IOException} leave it to the caller to tell people, by {@link StorageErrors#of}.
 */
public interface SnapshotStore {

    /** Absolute snapshot directory, or the local directory. */
    Path root();

    /** Final path of a file, whether it is there or not. */
    Path pathOf(RepoFile file);

    /**
     * Refuses names that could leave the root or cannot exist on this disk, alone or together. Leaves nothing behind.
     *
     * @throws FetchException.Storage naming the path and why
     */
    void check(List<RepoFile> selected);

    /**
     * Makes directories and remembers the manifest; nothing looks complete because of it. A disk that takes nothing is
     * no failure yet, as everything asked for may be there; {@link #partial} tells it when something is not.
     */
    void prepare(Manifest manifest) throws IOException;

    /**
     * The file if it is there and correct. Hashes what another program stored once and remembers that; makes the
     * link if the content is there under another name, or a copy if it is in a cache beside.
     *
     * @param vouched who vouches for the digests of the row; remembered if this call has to hash
     * @param hashed told again and again how many bytes more were hashed, if any are
     */
    Optional<StoredFile> find(RepoFile file, Verification vouched, IntConsumer hashed) throws IOException;

    /** As {@link #find(RepoFile, Verification, IntConsumer)} for a manifest nobody else confirms. */
    default Optional<StoredFile> find(RepoFile file) throws IOException {
        return find(file, Verification.SELF, more -> {});
    }

    /** Whether {@link #find} is likely to succeed. For planning: looks at lengths and records, writes and hashes nothing. */
    boolean seems(RepoFile file);

    /** Bytes that {@link #find} would have to write, as it would copy the file. For planning, where {@link #seems} says so. */
    default long bytesToCopy(RepoFile file) {
        return 0;
    }

    /** Whether it was stored here at some time, so that its absence is a loss and not a choice. */
    boolean recorded(RepoFile file);

    /** Bytes of an unfinished download that can be continued. For planning: writes nothing. */
    long partialBytes(RepoFile file);

    /**
     * Opens the file in the making. Never waits: while another job or process is writing it, this can be asked again
     * and again at the cost of a few calls to the system. Whoever waits so tells people, and looks with {@link #find}
     * again before fetching, as the other may have finished it.
     *
     * @return empty while another job or process is writing it
     */
    Optional<Partial> partial(RepoFile file) throws IOException;

    /**
     * Makes sure that publishing would not destroy anything of the user's. Call before spending traffic.
     *
     * @throws FetchException.Storage if there is something else where the file is to be
     */
    void checkReplaceable(RepoFile file) throws IOException;

    /**
     * Gives a complete file its final name. The partial is closed in any case; when this fails it is kept.
     *
     * @param content hashed from the bytes of the partial
     * @param from sources that contributed
     */
    StoredFile publish(Partial partial, RepoFile file, Content content, List<String> from, Verification level)
            throws IOException;

    /** No longer trusts what is stored for this file; the next {@link #find} hashes it. */
    void distrust(RepoFile file) throws IOException;

    /**
     * Everything asked for is there: lets the revision point at this commit.
     *
     * @param requestedRevision as asked for; null for the default branch
     */
    void finish(Manifest manifest, @Nullable String requestedRevision) throws IOException;

    /** Notes down that somebody uses this commit now, if that can be written; costs next to nothing. */
    default void used() {}

    /** Bytes free on the volume of {@link #root()}; 0 when the system does not say. */
    default long usableBytes() {
        return StorageErrors.usableBytes(root());
    }
}
