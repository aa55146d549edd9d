package dev.modelfetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is stored in one hub cache, laid out as the Python library does, whoever stored it: what there is, whether it is
 * right, and how to get rid of it. Never opens a connection. Looking writes nothing; so does planning an
 * {@link Eviction}, which is done by {@link #evict}:
 *
 * <pre>{@code
 * Cache cache = modelfetch.cache();
 * cache.evict(cache.planShrinking(200_000_000_000L));
 * }</pre>
 *
 * <p>Safe for several threads and beside jobs and other processes. Methods block, throw {@link FetchException} and nothing
 * else for whatever went wrong outside the program, and stop when the calling thread is interrupted.
 */
public interface Cache {

    /** The directory that holds {@code models--…}; absolute. */
    Path root();

    /**
     * Everything that is there. What cannot be read is a warning in it and hides nothing else; a directory that does not
     * exist is empty.
     *
     * @throws FetchException.Storage if the directory itself cannot be read
     */
    CacheContents contents();

    /** The repositories of {@link #contents()}, by name. */
    default List<CachedRepo> repositories() {
        return contents().repositories();
    }

    /**
     * How to remove repositories and revisions, chosen from what {@link #contents()} showed. Bytes that a remaining
     * revision shares stay; with its last revision goes the folder of a repository, and all that is in it. What is there
     * no more is left out.
     */
    Eviction planRemoval(Collection<? extends Evictable> what);

    /**
     * How to remove what nobody will miss: revisions to which no branch or tag points, and unfinished data of ours that
     * was not touched for that long; besides, whatever belongs to no revision and was not touched for a day, such as
     * abandoned downloads of other programs. A revision that was begun and is not complete yet counts as unfinished data.
     *
     * @param olderThan of unfinished data of ours, which a later job could go on with
     * @throws FetchException.Usage if it is negative
     */
    Eviction planPruning(Duration olderThan);

    /**
     * How to make the cache no larger than that: first by what was abandoned, then by revisions, the least recently used
     * first. Empty if it is small enough; less than asked for if even that cannot be had.
     *
     * @param bytes that may stay, as {@link CacheContents#bytes()} counts them
     * @throws FetchException.Usage if they are negative
     */
    Eviction planShrinking(long bytes);

    /**
     * Does what was planned, as far as it still holds: what has changed since, or is being fetched into by this or another
     * process, is skipped and named. A kill in the middle leaves nothing that looks complete and is not; at most there are
     * bytes left that nobody refers to, for the next {@link #planPruning}. Nothing outside the root is ever deleted.
     *
     * @return what really became of it
     * @throws FetchException.Usage if it was planned for another directory
     */
    Evicted evict(Eviction plan);

    /**
     * Hashes the files of some repositories anew, several at once, and the same bytes only once. Against the stored
     * listing of each revision where there is one, else against the names of its blobs. What turns out to be damaged is no
     * longer trusted: the next job that wants it fetches it again.
     *
     * @param repositories of this cache; those whose type is none of {@link RepoType} are left out
     * @param progress told about ten times a second, by one thread at a time
     * @return one for each revision, in the given order
     */
    List<StoredCheck> verify(Collection<CachedRepo> repositories, Consumer<CheckProgress> progress);

    /** As {@link #verify(Collection, Consumer)}, of everything. */
    default List<StoredCheck> verify() {
        return verify(repositories(), progress -> {});
    }
}
