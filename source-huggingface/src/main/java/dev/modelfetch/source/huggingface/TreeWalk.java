package dev.modelfetch.source.huggingface;

import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.SourceException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the pages of a listing until there is no {@code rel="next"}. Stops early, and says so, when the next page
 * is not to be followed, was there before, or brought nothing new: some mirrors answer with the first page for ever
 * (mirrors.md M4).
 */
final class TreeWalk {

    private static final Pattern LINK = Pattern.compile("<([^<>]*)>([^<]*)");
    private static final Pattern REL_NEXT = Pattern.compile(
            ";\\s*rel\\s*=\\s*(?:next\\b|\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\")", Pattern.CASE_INSENSITIVE);

    private final HubRules rules;
    private final ListingBounds bounds;

    TreeWalk(HubRules rules, ListingBounds bounds) {
        this.rules = rules;
        this.bounds = bounds;
    }

    /** One page, and where it came from after redirects. */
    record Page(HttpUrl url, List<HubJson.Row> rows, Optional<HttpUrl> next) {

        static Page of(List<HubJson.Row> rows, Response response) {
            return new Page(response.request().url(), rows, nextOf(response));
        }
    }

    /** Fetches the page at an address. */
    interface Fetching {
        Page fetch(HttpUrl url) throws SourceException;
    }

    HubListing run(Page first, Fetching fetching) throws SourceException {
        Rows rows = new Rows(first.url().host(), bounds);
        Set<HttpUrl> seen = new HashSet<>(Set.of(first.url()));
        Page page = first;
        while (true) {
            int fresh = rows.add(page.rows());
            if (page.next().isEmpty()) {
                // An empty last page is an end like any other.
                return rows.listing(fresh == page.rows().size() ? null : "a page brought nothing new");
            }
            HttpUrl link = page.next().get();
            Optional<HttpUrl> next = rules.nextPage(first.url(), link);
            String flaw = flaw(fresh, link, next, seen);
            if (flaw != null) {
                return rows.listing(flaw);
            }
            bounds.question();
            page = fetching.fetch(next.orElseThrow());
        }
    }

    private static @Nullable String flaw(int fresh, HttpUrl link, Optional<HttpUrl> next, Set<HttpUrl> seen) {
        if (fresh == 0) {
            return "a page brought nothing new";
        }
        if (next.isEmpty()) {
            return "its next page is at another address (" + link.host() + link.encodedPath() + ")";
        }
        return seen.add(next.get()) ? null : "its next page was already read";
    }

    /** Where the next page is, as the answer says. */
    static Optional<HttpUrl> nextOf(Response response) {
        for (String header : response.headers("Link")) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (REL_NEXT.matcher(link.group(2)).find()) {
                    return Optional.ofNullable(response.request().url().resolve(link.group(1)));
                }
            }
        }
        return Optional.empty();
    }
}
