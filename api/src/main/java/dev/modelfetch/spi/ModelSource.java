package dev.modelfetch.spi;

import dev.modelfetch.HubDocument;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Topic;
import dev.modelfetch.Verdict;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One hub at one endpoint. Called from many threads at once.
 *
 * <p>A job asks in this order: {@link #resolve} (raced against other sources), {@link #list}, then for every piece of
 * every file {@link #open} and, where that has nothing, {@link #request}. A source implements one of these two: {@code
 * request} if its bytes come over HTTP, which the engine then speaks; {@code open} if they come in any other way.
 *
 * <p>What a method throws beside {@link SourceException}, a null, or a call that does not return within the time it is
 * given, is {@link Verdict.Broken} or {@link Verdict.Down} of this source, and nothing worse: others are asked.
 */
public interface ModelSource {

    /** Who this is. Constant, and known without a connection. */
    SourceProfile profile();

    /**
     * Pins the revision of a repository to a commit, with as few small requests as the hub allows: this is the probe,
     * and its time decides the race. Use {@link SourceContext#probes()}.
     *
     * @param repo as the person named it; translate it if this hub spells it otherwise. A repository named in another
     *     family's spelling is never passed in
     * @param revision branch, tag or commit; null for the hub's default branch. A hub whose default branch has another
     *     name than {@code main} takes {@code main} for its default
     * @return of the same type as that repository, with a commit that is {@linkplain Manifest#isCommit fit to be stored}
     * @throws SourceException with the verdict, for every other outcome than a usable repository
     */
    Resolved resolve(Repo repo, @Nullable String revision) throws SourceException;

    /**
     * Lists the whole repository at that commit. Use {@link SourceContext#calls()}.
     *
     * @return of that very commit, made with {@link Resolved#manifest}
     * @throws SourceException with the verdict when no trustworthy listing can be had
     */
    Manifest list(Resolved resolved) throws SourceException;

    /**
     * Hands out bytes of a file, for a source that is no web server: a directory, the client of an object store. The
     * engine reads the stream on a thread of its own, closes it, counts, verifies and throttles what comes, asks again
     * for what is missing, and others when it stalls. A read that waits is interrupted, and its stream closed by another
     * thread; it has to end then.
     *
     * @param file a row of that manifest
     * @param range inside the file; a piece of it, or all. Empty for a file without bytes
     * @return the stream; empty if the bytes of this file are behind a {@link #request}
     * @throws SourceException with the verdict when it cannot be had
     * @throws IOException when that may pass
     */
    default Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range)
            throws SourceException, IOException {
        return Optional.empty();
    }

    /**
     * Where the bytes of a file start, for a source that is asked over HTTP. The engine adds {@code Range} and {@code
     * Accept-Encoding}, attaches this source's token at this source's origin only, and follows redirects by its own rules.
     *
     * @param file a row of that manifest
     * @throws SourceException with the verdict when there is no such place
     */
    default Request request(Manifest manifest, RepoFile file) throws SourceException {
        throw new UnsupportedOperationException(
                getClass().getName() + " implements neither open nor request, so that no bytes can be had from it");
    }

    /**
     * Explains why this source's own host refused to send bytes. Not asked about data hosts it redirected to.
     *
     * @param response with a status other than 2xx; its body may be read but not closed
     * @return {@link CommonVerdicts#ofRefusal} unless this hub has words of its own
     */
    default Verdict explain(Response response) throws IOException {
        return CommonVerdicts.ofRefusal(response);
    }

    /**
     * What this source's own host says in a success whose body cannot be the file, as its length shows: some hubs tell of
     * a failure in this way.
     *
     * @param response with status 2xx; its body may be read but not closed
     * @return empty if nothing in it is the hub's, and it is for instance another version of the file
     */
    default Optional<Verdict> complaint(Response response) throws IOException {
        return Optional.empty();
    }

    /**
     * Whose token it is that this source has been given. Only asked if there is one; use {@link SourceContext#probes()}.
     *
     * @return the account; empty if this hub cannot be asked
     * @throws SourceException with {@link Verdict.NeedsAuth} if it refuses the token, else with what came instead of an
     *     answer
     */
    default Optional<Account> whoami() throws SourceException {
        return Optional.empty();
    }

    /**
     * What this hub says of a repository beside its list, for programs that read the JSON of Hugging Face. Use {@link
     * SourceContext#probes()}.
     *
     * @param resolved as {@link #resolve} has returned it, or with its commit in place of the revision
     * @param query of the address, encoded, as the program has sent it; empty for none
     * @return empty unless this hub speaks that language
     * @throws SourceException with the verdict when it cannot be had
     */
    default Optional<HubDocument> describe(Resolved resolved, Topic topic, String query) throws SourceException {
        return Optional.empty();
    }

    /**
     * What this hub finds, as {@link #describe} says it: an array of cards.
     *
     * @param query of the address, encoded, as the program has sent it
     * @throws SourceException with the verdict when it cannot be had
     */
    default Optional<HubDocument> search(RepoType type, String query) throws SourceException {
        return Optional.empty();
    }

    /**
     * Names that are here, among which somebody may have meant one who asked in vain: for a revision the branches and tags
     * of the repository, for a repository what its owner has. Only asked after {@link Verdict.NotHere}; use {@link
     * SourceContext#probes()}.
     *
     * @param repo as {@link #resolve} was given it
     * @param missing what is not here
     * @return in any order; empty if this hub cannot be asked
     * @throws SourceException with the verdict when they cannot be had
     */
    default List<String> instead(Repo repo, Verdict.What missing) throws SourceException {
        return List.of();
    }

    /**
     * The page where users of this hub make tokens; known without a connection.
     *
     * @return empty if there is none, or it is not known
     */
    default Optional<URI> tokenPage() {
        return Optional.empty();
    }

    /**
     * What repositories are called here, where that is not what they are called elsewhere; known without a connection.
     *
     * @param repo in the common spelling, whose names are wanted, best first, its own included; empty for all that are in
     *     a table
     */
    default List<KnownAs> names(Optional<Repo> repo) {
        return List.of();
    }

    /**
     * Whether that name is printed in something that comes with this source, such as a table of names, so that it is no
     * secret of anybody who asks for it. Known without a connection.
     *
     * @param repo in the common spelling
     */
    default boolean isWellKnown(Repo repo) {
        return false;
    }

    /** Lets go of what it holds, such as the client of an object store. Called once, when nobody asks it any more. */
    default void close() {}
}
