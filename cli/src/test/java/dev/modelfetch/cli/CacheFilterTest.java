package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.FetchException;
import dev.modelfetch.cli.screen.CacheSamples;
import dev.modelfetch.cli.screen.Samples;
import dev.modelfetch.cli.screen.StoredRow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFilterTest {

    /** A dataset of 300 bytes, used two days ago; of its revisions the larger one is four days old. */
    private static final CachedRepo REPO = CacheSamples.repo(
            "dataset/lab/poems",
            CacheSamples.revision("aaaa", 100, 2, "main"),
            CacheSamples.revision("bbbb", 200, 4, "v1", "refs/pr/1"));

    private static final StoredRow WHOLE = new StoredRow(REPO, null);
    private static final StoredRow OLD = new StoredRow(REPO, REPO.revisions().get(1));

    @ParameterizedTest
    @CsvSource({
        "size=300, true, false",
        "size!=300, false, true",
        "size>299, true, false",
        "size>300, false, false",
        "size>=300, true, false",
        "size<=200, false, true",
        "size<200, false, false",
        "SIZE <= 0.2kb, false, true",
        "size<1GB, true, true",
        "accessed>1d, true, true",
        "accessed>2d, false, false",
        "accessed=2d, true, true",
        "accessed<3d, true, true",
        "modified>3d, false, true",
        "modified<=4d, true, true",
        "modified<1w, true, true",
        "modified<172801, true, false",
        "type=dataset, true, true",
        "type=DataSet, true, true",
        "type=model, false, false",
        "type=kernel, false, false",
        "refs=main, true, false",
        "refs=V1, true, true",
        "refs = refs/pr/1, true, true",
        "refs=v, false, false"
    })
    void meansWhatItMeansInThePythonTool(String text, boolean whole, boolean old) {
        CacheFilter filter = CacheFilter.parse(text);

        assertThat(filter.accepts(WHOLE, Samples.NOON)).as("repository").isEqualTo(whole);
        assertThat(filter.accepts(OLD, Samples.NOON)).as("revision").isEqualTo(old);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''        | is not a filter",
                "size      | is not a filter",
                ">1GB      | is not a filter",
                "size 1GB  | is not a filter",
                "größe>1   | is not a filter",
                "sizes>1GB | no \"sizes\" to filter by",
                "size==1   | \"==\" in \"size==1\" compares nothing",
                "size=>1   | \"=>\" in",
                "size>     | has no value",
                "refs=     | has no value",
                "size>1XB  | \"1XB\" is not a size",
                "size>１GB | \"１GB\" is not a size",
                "accessed>７d | \"７d\" is not an age",
                "accessed>yesterday | is not an age",
                "modified>-1d | is not an age",
                "type!=model | can only be equal",
                "refs>main | can only be equal",
                "type=modle | not a type"
            })
    void whatCannotBeMeantIsRefused(String text, String message) {
        assertThatThrownBy(() -> CacheFilter.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining(message)
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "size:desc", "SIZE:ASC", " accessed ", "modified:desc"})
    void ordersAreReadInAnyCase(String text) {
        assertThat(CacheOrder.parse(text).comparator()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refs", "size:", "size:up", "size;desc", ":desc", "size:asc:desc", "size desc"})
    void whatIsNoOrderIsRefused(String text) {
        assertThatThrownBy(() -> CacheOrder.parse(text))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"" + text + "\" is not an order.");
    }
}
