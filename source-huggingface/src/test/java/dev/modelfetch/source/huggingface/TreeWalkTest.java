package dev.modelfetch.source.huggingface;

import static dev.modelfetch.source.huggingface.HubBench.verdictOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import dev.modelfetch.source.huggingface.HubJson.Row;
import dev.modelfetch.source.huggingface.TreeWalk.Page;
import dev.modelfetch.spi.ListingBounds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

/** Hubs that always have one more page. */
class TreeWalkTest {

    private static final HttpUrl ENDPOINT = HttpUrl.get("https://hub.test/");

    private final AtomicLong clock = new AtomicLong();
    private final ListingBounds bounds = new ListingBounds("hub.test", clock::get);
    private final TreeWalk walk = new TreeWalk(new OriginRules(ENDPOINT), bounds);
    private int pages;

    @Test
    void pagesWithoutEndAreLeft() {
        assertThat(verdictOf(() -> walk.run(page(), url -> page())))
                .isEqualTo(new Verdict.Blocked("the file list goes on after 5000 pages (hub.test)"));
    }

    @Test
    void aHubThatTakesMinutesForARowIsLeftAfterAnHour() {
        assertThat(verdictOf(() -> walk.run(page(), url -> {
                    clock.addAndGet(Duration.ofMinutes(2).toNanos());
                    return page();
                })))
                .isEqualTo(new Verdict.Down("no end of the file list within 60 min (hub.test)", true));
        assertThat(pages).isEqualTo(32);
    }

    /** One new row, and the promise of more. */
    private Page page() {
        pages++;
        HttpUrl next = ENDPOINT.newBuilder()
                .addQueryParameter("cursor", Integer.toString(pages))
                .build();
        return new Page(ENDPOINT, List.of(new Row("file", "f" + pages, 1L, null, null, null)), Optional.of(next));
    }
}
