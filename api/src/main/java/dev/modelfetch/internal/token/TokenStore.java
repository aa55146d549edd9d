package dev.modelfetch.internal.token;

import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where the token of one source is kept between runs. Nothing else of it is known here than its text. */
public interface TokenStore {

    /** The one for that endpoint; empty if there is none. */
    Optional<Setting> read(URI endpoint) throws IOException;

    /**
     * Finds out whether one could be kept, and makes the folder for it.
     *
     * @throws dev.modelfetch.FetchException.Storage if not, with what stands in the way
     */
    void prepare();

    /**
     * Keeps one, in place of the one before.
     *
     * @param user whose it is; empty if that is not known
     * @param name that the user has given it; empty if that is not known
     * @return what will be said of where it comes from
     * @throws dev.modelfetch.FetchException.Storage if it cannot be kept; then all is as before
     */
    String keep(URI endpoint, String token, Optional<String> user, Optional<String> name);

    /**
     * Deletes what is kept.
     *
     * @throws dev.modelfetch.FetchException.Storage if it cannot be deleted
     */
    Forgotten forget(URI endpoint);

    /**
     * What has been deleted.
     *
     * @param names of tokens, as far as they had one
     * @param places they were kept in
     */
    record Forgotten(List<String> names, List<String> places) {
        public Forgotten {
            names = List.copyOf(names);
            places = List.copyOf(places);
        }
    }
}
