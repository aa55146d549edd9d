package dev.modelfetch.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ListingBoundsTest {

    private final AtomicLong clock = new AtomicLong(-1);
    private final ListingBounds bounds = new ListingBounds("hub.test", clock::get, Long.MAX_VALUE);

    @Test
    void anHonestListingOfTheLargestKindIsWithinAllOfThem() throws SourceException {
        for (int row = 0; row < ListingBounds.MOST_ROWS; row++) {
            if (row % 1_000 == 0) {
                clock.addAndGet(Duration.ofSeconds(1).toNanos());
                bounds.question();
            }
            bounds.row("data/train/part-00017-of-20000/example-000000000000.parquet");
            bounds.file(5L << 30);
        }
    }

    @Test
    void aListingThatIsStillGoingOnAfterAnHourIsGivenUpAsDown() throws SourceException {
        clock.addAndGet(Duration.ofHours(1).toNanos());
        bounds.question();
        clock.incrementAndGet();

        assertThat(verdictOf(bounds::question))
                .isEqualTo(new Verdict.Down("no end of the file list within 60 min (hub.test)", true));
    }

    @Test
    void pagesWithoutEndAreRefused() throws SourceException {
        for (int page = 0; page < ListingBounds.MOST_QUESTIONS; page++) {
            bounds.question();
        }

        assertThat(verdictOf(bounds::question))
                .isEqualTo(new Verdict.Blocked("the file list goes on after 5000 pages (hub.test)"));
    }

    @Test
    void aListThatThisMemoryDoesNotHoldIsRefusedBeforeItFillsIt() throws SourceException {
        ListingBounds small = new ListingBounds("hub.test", clock::get, 128L << 20);
        for (int row = 0; row < 65_536; row++) {
            small.row("a");
        }

        assertThat(verdictOf(() -> small.row("a")))
                .isEqualTo(new Verdict.Blocked(
                        "the file list goes on after 65536 rows, all that this memory holds (-Xmx) (hub.test)"));
    }

    @Test
    void rowsWithoutEndAreRefused() throws SourceException {
        for (int row = 0; row < ListingBounds.MOST_ROWS; row++) {
            bounds.row("a");
        }

        assertThat(verdictOf(() -> bounds.row("a")))
                .isEqualTo(new Verdict.Blocked("the file list goes on after 2000000 rows (hub.test)"));
    }

    @Test
    void namesThatFillTheMemoryAreRefused() throws SourceException {
        String longest = "x".repeat(ListingBounds.LONGEST_PATH);
        for (int row = 0; row < ListingBounds.MOST_NAMES / ListingBounds.LONGEST_PATH; row++) {
            bounds.row(longest);
        }

        assertThat(verdictOf(() -> bounds.row("a")).detail()).contains("characters of names");
    }

    @Test
    void aPathThatNoDiskCanHoldIsRefused() {
        assertThat(verdictOf(() -> bounds.row("x".repeat(ListingBounds.LONGEST_PATH + 1))))
                .isEqualTo(new Verdict.Blocked("the file list has a path of 4097 characters (hub.test)"));
    }

    @Test
    void sizesThatWouldOverflowASumAreRefused() throws SourceException {
        bounds.file(ListingBounds.MOST_BYTES - 1);
        bounds.file(1);

        assertThat(verdictOf(() -> bounds.file(1)))
                .isEqualTo(new Verdict.Blocked("the file list claims more than 1024 PiB of content (hub.test)"));
        assertThat(verdictOf(() -> bounds.file(Long.MAX_VALUE)).kind()).isEqualTo(Verdict.Kind.BLOCKED);
    }

    private static Verdict verdictOf(ThrowingCallable step) {
        SourceException refusal = Assertions.catchThrowableOfType(SourceException.class, step);
        assertThat(refusal).isNotNull();
        return refusal.verdict();
    }
}
