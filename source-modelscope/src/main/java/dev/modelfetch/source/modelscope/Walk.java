package dev.modelfetch.source.modelscope;

import static dev.modelfetch.source.modelscope.ModelScopeClient.OF_NEXT_PAGE;

import dev.modelfetch.Repo;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeJson.Listing;
import dev.modelfetch.source.modelscope.ModelScopeJson.Row;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists a model although the hub silently cuts a listing at 3,000 rows (modelscope.md 1.4): a directory whose recursive
 * listing may have been cut is taken apart into its files and its directories, and each of those is listed by itself.
 */
final class Walk {

    private static final int CUT = 3_000;

    private final ModelScopeClient client;
    private final Repo repo;
    private final String commit;
    private final ListingBounds bounds;
    private final Rows rows;

    Walk(ModelScopeClient client, Repo repo, String commit, String host, ListingBounds bounds) {
        this.client = client;
        this.repo = repo;
        this.commit = commit;
        this.bounds = bounds;
        this.rows = new Rows(host, bounds);
    }

    Rows rows() throws SourceException {
        bounds.question();
        Listing top = client.everythingBelow(repo, commit, null);
        if (top.files() == null) {
            throw SourceException.notHere(What.REVISION, "no commit " + commit + " of " + repo);
        }
        Deque<String> open = new ArrayDeque<>(take(null, below(null, top)));
        while (!open.isEmpty()) {
            String directory = open.remove();
            bounds.question();
            open.addAll(take(directory, below(directory, client.everythingBelow(repo, commit, directory))));
        }
        return rows;
    }

    /** Takes a recursive listing, or if it may have been cut the direct children; tells which directories are left. */
    private List<String> take(@Nullable String directory, List<Row> everything) throws SourceException {
        boolean cut = everything.size() >= CUT;
        if (cut) {
            bounds.question();
        }
        List<Row> safe = cut
                ? below(directory, client.directlyIn(repo, commit, directory, What.REVISION, OF_NEXT_PAGE))
                : everything;
        if (safe.size() >= CUT) {
            throw rows.untrustworthy("\"" + Objects.requireNonNullElse(directory, "/") + "\" of " + repo + " has " + CUT
                    + " entries or more, and the hub lists no more than that");
        }
        List<String> left = new ArrayList<>();
        for (Row row : safe) {
            rows.add(row);
            if (cut && row.isTree()) {
                left.add(rows.pathOf(row));
            }
        }
        return left;
    }

    /** The rows, which must lie below the directory: a hub that ignores {@code Root} would send us in circles. */
    private List<Row> below(@Nullable String directory, Listing listing) throws SourceException {
        List<Row> found = new ArrayList<>();
        for (Row row : Objects.requireNonNullElse(listing.files(), List.<Row>of())) {
            if (row == null) {
                continue;
            }
            if (directory != null && !rows.pathOf(row).startsWith(directory + "/")) {
                throw rows.untrustworthy("\"" + row.path() + "\" is listed below \"" + directory + "\"");
            }
            found.add(row);
        }
        return found;
    }
}
