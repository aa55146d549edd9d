package dev.modelfetch.source.modelscope;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.source.modelscope.ModelScopeJson.Row;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the files of a listing in their order, and refuses rows that make the listing untrustworthy. */
final class Rows {

    private final String host;
    private final ListingBounds bounds;
    private final Map<String, RepoFile> files = new LinkedHashMap<>();
    private @Nullable String neither;
    private boolean complete = true;

    /** @param host that lists, for messages */
    Rows(String host, ListingBounds bounds) {
        this.host = host;
        this.bounds = bounds;
    }

    /** Takes the row if it is a file. */
    void add(Row row) throws SourceException {
        String path = pathOf(row);
        bounds.row(path);
        if (row.isBlob()) {
            take(path, row);
        } else if (!row.isTree()) {
            neither = row.type();
            complete &= row.isCommit();
        }
    }

    private void take(String path, Row row) throws SourceException {
        Long size = row.size();
        if (size == null || size < 0) {
            throw untrustworthy("\"" + path + "\" is listed without a size");
        }
        bounds.file(size);
        if (files.put(path, file(path, size, row)) != null) {
            throw untrustworthy("\"" + path + "\" is listed twice");
        }
    }

    /** The path of a row of any type. */
    String pathOf(Row row) throws SourceException {
        if (row.path() == null || row.path().isEmpty()) {
            throw untrustworthy("a row of the listing has no path");
        }
        return row.path();
    }

    /**
     * The files.
     *
     * @throws SourceException if there is none, but rows that are neither file nor directory: then the protocol has
     *     changed, and the repository is not empty. One that only links to others has a file that says so
     */
    List<RepoFile> files() throws SourceException {
        if (files.isEmpty() && neither != null) {
            throw untrustworthy(
                    "the listing has no file, but rows of unknown type \"" + ModelScopeErrors.shown(neither) + "\"");
        }
        return new ArrayList<>(files.values());
    }

    /** Whether every row was of a type that is known to be a file or to be none; of others each may be a file. */
    boolean complete() {
        return complete;
    }

    SourceException untrustworthy(String why) {
        return SourceException.blocked(why + " (" + host + ")");
    }

    /** Null, empty and masked digests occur; then only the size can be checked (modelscope.md 7). */
    private static RepoFile file(String path, long size, Row row) {
        RepoFile file = RepoFile.of(path, size);
        RepoFile kept = Boolean.TRUE.equals(row.isLFS()) ? file.asLfs() : file;
        String sha256 = row.sha256();
        return sha256 != null && Digest.isSha256(sha256) ? kept.withSha256(sha256) : kept;
    }
}
