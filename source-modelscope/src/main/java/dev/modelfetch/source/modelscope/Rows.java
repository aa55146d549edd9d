package dev.modelfetch.source.modelscope;

import dev.modelfetch.Digest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.source.modelscope.ModelScopeJson.Row;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the files of a listing in their order, and refuses rows that make the listing untrustworthy. */
final class Rows {

    /** A repository with more files than any hub keeps; a listing beyond it has no end. */
    private static final int MOST_ROWS = 2_000_000;

    private final String host;
    private final Map<String, RepoFile> files = new LinkedHashMap<>();

    Rows(String host) {
        this.host = host;
    }

    /** Takes the row if it is a file. */
    void add(Row row) throws SourceException {
        if (!row.isBlob()) {
            return;
        }
        String path = pathOf(row);
        Long size = row.size();
        if (size == null || size < 0) {
            throw untrustworthy("\"" + path + "\" is listed without a size");
        }
        if (files.put(path, new RepoFile(path, size, digestOf(row), null, Boolean.TRUE.equals(row.isLFS()))) != null) {
            throw untrustworthy("\"" + path + "\" is listed twice");
        }
        if (files.size() > MOST_ROWS) {
            throw untrustworthy("the listing has more than " + MOST_ROWS + " files");
        }
    }

    /** The path of a row of any type. */
    String pathOf(Row row) throws SourceException {
        if (row.path() == null || row.path().isEmpty()) {
            throw untrustworthy("a row of the listing has no path");
        }
        return row.path();
    }

    List<RepoFile> files() {
        return new ArrayList<>(files.values());
    }

    SourceException untrustworthy(String why) {
        return new SourceException(new Verdict.Blocked(why + " (" + host + ")"));
    }

    /** Null, empty and masked digests occur; then only the size can be checked (modelscope.md 7). */
    private static @org.jspecify.annotations.Nullable Digest digestOf(Row row) {
        String text = row.sha256();
        return text != null && Digest.isSha256(text) ? Digest.sha256(text) : null;
    }
}
