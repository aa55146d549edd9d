package dev.modelfetch.spi;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One hub at one endpoint. Called from many threads at once.
 *
 * <p>A job asks in this order: {@link #resolve} (raced against other sources), {@link #list}, then {@link #request} for
 * every file, again whenever a signed link has run out.
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
     * @throws SourceException with the verdict, for every other outcome than a usable repository
     */
    Resolved resolve(Repo repo, @Nullable String revision) throws SourceException;

    /**
     * Lists the whole repository at that commit. Use {@link SourceContext#calls()}.
     *
     * @throws SourceException with the verdict when no trustworthy listing can be had
     */
    Manifest list(Resolved resolved) throws SourceException;

    /**
     * Where the bytes of a file start. The engine adds {@code Range} and {@code Accept-Encoding}, attaches this source's
     * token at this source's origin only, and follows redirects by its own rules.
     *
     * @param file a row of that manifest
     */
    Request request(Manifest manifest, RepoFile file);

    /**
     * Explains why this source's own host refused to send bytes. Not asked about data hosts it redirected to.
     *
     * @param response with a status other than 2xx; its body may be read but not closed
     */
    Verdict explain(Response response) throws IOException;

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
}
