package dev.modelfetch.source.huggingface;

import dev.modelfetch.RepoFile;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of a listing as they arrive, checked for sense. */
final class Rows {

    private final String host;
    private final ListingBounds bounds;
    private final Set<String> paths = new HashSet<>();
    private final List<RepoFile> files = new ArrayList<>();
    private final List<String> bare = new ArrayList<>();
    private @Nullable String neither;
    private @Nullable String strange;

    /** @param host that sends them, for messages */
    Rows(String host, ListingBounds bounds) {
        this.host = host;
        this.bounds = bounds;
    }

    /**
     * Takes the rows of one answer.
     *
     * @return how many of them were new: all or none
     * @throws SourceException if some were new and some not
     */
    int add(List<HubJson.Row> rows) throws SourceException {
        int before = paths.size();
        String repeated = null;
        for (HubJson.Row row : rows) {
            String path = Objects.requireNonNull(row.path());
            if (paths.add(path)) {
                take(path, row);
            } else {
                repeated = path;
            }
        }
        int fresh = paths.size() - before;
        if (fresh > 0 && repeated != null) {
            throw blocked("names " + Refusal.clean(repeated) + " twice");
        }
        return fresh;
    }

    private void take(String path, HubJson.Row row) throws SourceException {
        if (row.isFile()) {
            Optional<RepoFile> file = HubJson.file(path, row);
            if (file.isPresent()) {
                bounds.file(file.get().size());
                files.add(file.get());
            } else {
                bare.add(path);
            }
        } else if (!row.isDirectory()) {
            neither = row.type();
            strange = row.isOfKnownType() ? strange : row.type();
        }
    }

    /**
     * What was taken. Beside files, a row of a type that the protocol does not name makes the listing incomplete: it may
     * be a file, but a new kind of row that is none must not stop everybody.
     *
     * @throws SourceException if nothing but such rows was there: then the protocol has changed, and the repository is
     *     not empty. One that only links to others has a file that says so
     */
    HubListing listing(@Nullable String flaw) throws SourceException {
        if (files.isEmpty() && bare.isEmpty() && neither != null) {
            throw blocked("has no file, but rows of unknown type \"" + Refusal.clean(neither) + "\"");
        }
        return new HubListing(files, bare, flaw, strange == null);
    }

    private SourceException blocked(String what) {
        return SourceException.blocked("the file list of " + host + " " + what);
    }
}
