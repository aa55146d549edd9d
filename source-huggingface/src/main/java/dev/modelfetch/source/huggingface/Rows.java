package dev.modelfetch.source.huggingface;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of a listing as they arrive, checked for sense. */
final class Rows {

    private final String host;
    private final Set<String> paths = new HashSet<>();
    private final List<RepoFile> files = new ArrayList<>();
    private final List<String> bare = new ArrayList<>();

    /** @param host that sends them, for messages */
    Rows(String host) {
        this.host = host;
    }

    /**
     * Takes the rows of one answer.
     *
     * @return how many of them were new: all or none
     * @throws SourceException if some were new and some not, or one has no path
     */
    int add(List<HubJson.Row> rows) throws SourceException {
        int before = paths.size();
        String repeated = null;
        for (HubJson.Row row : rows) {
            String path = row.path();
            if (path == null || path.isEmpty()) {
                throw blocked("has a row without a path");
            }
            if (!paths.add(path)) {
                repeated = path;
            } else if (row.isFile()) {
                HubJson.file(path, row).ifPresentOrElse(files::add, () -> bare.add(path));
            }
        }
        int fresh = paths.size() - before;
        if (fresh > 0 && repeated != null) {
            throw blocked("names " + Refusal.clean(repeated) + " twice");
        }
        return fresh;
    }

    HubListing listing(@Nullable String flaw) {
        return new HubListing(files, bare, flaw);
    }

    private SourceException blocked(String what) {
        return new SourceException(new Verdict.Blocked("the file list of " + host + " " + what));
    }
}
