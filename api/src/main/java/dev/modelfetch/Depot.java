package dev.modelfetch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands out single verified files of any repository, for a service in front of all sources: what is stored is read at once,
 * and what is not is filled once for all who read it, who get its bytes while they come. Stores in a hub cache, where
 * jobs and other programs find it.
 *
 * <pre>{@code
 * try (Depot depot = modelfetch.depot(DepotOptions.usual())) {
 *     Pinned pinned = depot.pin(Repo.of(RepoType.MODEL, "owner/name"), "main", Caller.ANONYMOUS);
 *     try (OpenFile file = depot.open(pinned, "model.safetensors")) {
 *         file.transferTo(0, file.size(), channel);
 *     }
 * }
 * }</pre>
 *
 * <p>Safe for several threads. Methods block, and throw {@link FetchException} and nothing else for whatever went wrong
 * outside the program.
 */
public interface Depot extends AutoCloseable {

    /**
     * The commit that a revision means, and what it consists of. A commit that is known is never asked for again. A branch
     * is fresh for a minute; then it is answered as it was while it is asked for anew, and for as long as nobody can be
     * reached. A repository stays with the family of hubs that has delivered it first.
     *
     * @param revision branch, tag or commit; null and {@code HEAD} for the default branch
     * @param caller who is shown nothing that the hub would not show them
     * @throws FetchException.NotFound if no source has it
     * @throws FetchException.AccessDenied if this caller may not read it
     * @throws FetchException.Unreachable if nobody could be asked
     * @throws FetchException.NotStored if nobody may be asked, and it is not known
     */
    Pinned pin(Repo repo, @Nullable String revision, Caller caller);

    /**
     * One file of it. Begins to fill it, if it is not stored, when it is first read.
     *
     * @throws FetchException.NotFound if there is no such file
     */
    OpenFile open(Pinned pinned, String path);

    /**
     * A file that is stored, or being filled, whatever repository it is of.
     *
     * @param sha256 of its content
     * @return empty if it is neither, or not everybody may read it
     */
    Optional<OpenFile> open(Digest sha256);

    /**
     * What git calls a file in its tree: the content itself, or the pointer that stands for a large file.
     *
     * @param row with a digest
     * @return empty if it has none
     */
    Optional<Digest> gitId(RepoFile row);

    /**
     * What was computed when that file was stored. Looks at records alone.
     *
     * @return empty if it is not stored, or has changed since
     */
    Optional<Proof> proof(Pinned pinned, RepoFile row);

    /**
     * What the Hub calls the owner of the caller's token.
     *
     * @return empty if there is no token, or nobody says
     * @throws FetchException.AccessDenied if the Hub refuses it
     */
    Optional<String> account(Caller caller);

    /**
     * What the hub says of it. A {@link Topic#CARD} is asked for once and then stored with the commit; what else is said is
     * fresh for as long as a branch, and then answered as it was for as long as nobody can be reached.
     *
     * @param query of the address that asks for it, encoded; empty for none
     * @return empty if its hubs have no such documents, or none of them could be asked
     */
    Optional<HubDocument> describe(Pinned pinned, Topic topic, String query);

    /**
     * What a hub finds: an array of cards, in pages.
     *
     * @param query of the address that asks for it, encoded
     * @return empty if no hub could be asked
     */
    Optional<HubDocument> search(RepoType type, String query, Caller caller);

    /** Repositories of which something is known here, and which everybody may read. */
    List<Repo> shown();

    /** Fetches files for later readers, without waiting for them. */
    Prefetch prefetch(Pinned pinned, Selection selection);

    /** One that was begun earlier, while this runs. */
    Optional<Prefetch> prefetch(String id);

    /** How full its cache is. */
    DepotRoom room();

    /** What is filled now. */
    List<Filling> fillings();

    /** Whether as many files are filled as may be at once: whoever wants another one had better come back later. */
    boolean isBusy();

    /** As {@link #close(Duration)}, for ten seconds. */
    @Override
    default void close() {
        close(Duration.ofSeconds(10));
    }

    /** Ends what is filled, keeping what is there, and waits so long for that. Readers fail. */
    void close(Duration atMost);
}
