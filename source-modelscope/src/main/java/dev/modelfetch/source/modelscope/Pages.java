package dev.modelfetch.source.modelscope;

import static dev.modelfetch.source.modelscope.ModelScopeClient.OF_LISTING;
import static dev.modelfetch.source.modelscope.ModelScopeClient.OF_NEXT_PAGE;

import dev.modelfetch.Repo;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeJson.Listing;
import dev.modelfetch.source.modelscope.ModelScopeJson.Row;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Lists a dataset page by page (modelscope.md 1.5). A page shorter than asked for is the last one, unless the total says
 * that the hub merely sends shorter pages than asked for; a page without a new path ends it in any case.
 */
final class Pages {

    private static final int PAGE_SIZE = 200;

    private final ModelScopeClient client;
    private final Repo repo;
    private final String commit;
    private final ListingBounds bounds;
    private final Rows rows;
    private final Set<String> seen = new HashSet<>();

    Pages(ModelScopeClient client, Repo repo, String commit, String host, ListingBounds bounds) {
        this.client = client;
        this.repo = repo;
        this.commit = commit;
        this.bounds = bounds;
        this.rows = new Rows(host, bounds);
    }

    Rows rows() throws SourceException {
        long total = 0;
        boolean more = true;
        for (int number = 1; more; number++) {
            bounds.question();
            Listing page = client.page(
                    repo, commit, number, PAGE_SIZE, What.REVISION, number == 1 ? OF_LISTING : OF_NEXT_PAGE);
            if (number == 1 && page.files() == null) {
                throw SourceException.notHere(What.REVISION, "no commit " + commit + " of " + repo);
            }
            total = Math.max(total, Objects.requireNonNullElse(page.totalCount(), 0L));
            List<Row> found = Objects.requireNonNullElse(page.files(), List.<Row>of()).stream()
                    .filter(Objects::nonNull)
                    .toList();
            more = takeNew(found) && (found.size() >= PAGE_SIZE || seen.size() < total);
        }
        if (seen.size() < total) {
            throw rows.untrustworthy(
                    "the listing of " + repo + " ends after " + seen.size() + " of " + total + " entries");
        }
        return rows;
    }

    /** Takes the rows of a page; false when it has none that an earlier page had not. */
    private boolean takeNew(List<Row> found) throws SourceException {
        boolean repeated = true;
        for (Row row : found) {
            repeated &= seen.contains(rows.pathOf(row));
        }
        if (repeated) {
            return false;
        }
        for (Row row : found) {
            seen.add(rows.pathOf(row));
            rows.add(row);
        }
        return true;
    }
}
