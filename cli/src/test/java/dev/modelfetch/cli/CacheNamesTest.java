package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.FetchException;
import dev.modelfetch.cli.screen.CacheSamples;
import dev.modelfetch.cli.screen.StoredRow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheNamesTest {

    private static final String FIRST = "abcd1234" + "0".repeat(32);
    private static final String SECOND = "abcd5678" + "0".repeat(32);
    private static final String THIRD = "feed0000" + "0".repeat(32);

    private final CacheNames names = new CacheNames(CacheSamples.contents(
            CacheSamples.repo(
                    "model/lab/tiny",
                    CacheSamples.revision(FIRST, 1, 0, "main"),
                    CacheSamples.revision(SECOND, 1, 0, "v1", "refs/pr/2")),
            CacheSamples.repo("dataset/lab/tiny", CacheSamples.revision(THIRD, 1, 0, "main")),
            CacheSamples.repo("dataset/lab/poems", CacheSamples.revision(THIRD, 1, 0)),
            CacheSamples.repo("model/gpt2", CacheSamples.revision("77de" + "0".repeat(36), 1, 0)),
            CacheSamples.repo("model/Lab/Twin"),
            CacheSamples.repo("model/lab/twin"),
            CacheSamples.repo("kernel/lab/fast"),
            CacheSamples.repo("model/feed", CacheSamples.revision("1111" + "0".repeat(36), 1, 0))));

    @ParameterizedTest
    @CsvSource({
        "model/lab/tiny, model/lab/tiny",
        "MODEL/Lab/Tiny, model/lab/tiny",
        "lab/tiny, model/lab/tiny",
        "hf://lab/tiny, model/lab/tiny",
        "https://huggingface.co/lab/tiny, model/lab/tiny",
        "dataset/lab/tiny, dataset/lab/tiny",
        "datasets/lab/tiny, dataset/lab/tiny",
        "hf://datasets/lab/tiny, dataset/lab/tiny",
        "gpt2, model/gpt2",
        "model/gpt2, model/gpt2",
        "kernel/lab/fast, kernel/lab/fast",
        "lab/twin, model/lab/twin",
        "Lab/Twin, model/Lab/Twin",
        "abcd12, model/lab/tiny@abcd12340000",
        "ABCD1, model/lab/tiny@abcd12340000",
        "77de, model/gpt2@77de00000000",
        "lab/tiny@main, model/lab/tiny@abcd12340000",
        "lab/tiny@v1, model/lab/tiny@abcd56780000",
        "hf://lab/tiny@refs/pr/2, model/lab/tiny@abcd56780000",
        "model/lab/tiny@refs/pr/2, model/lab/tiny@abcd56780000",
        "lab/tiny@abcd5, model/lab/tiny@abcd56780000",
        "dataset/lab/poems@feed, dataset/lab/poems@feed00000000"
    })
    void everyFormNamesOneThing(String target, String name) {
        assertThat(names.all(List.of(target))).extracting(StoredRow::name).containsExactly(name);
    }

    @Test
    void whatIsNamedTwiceCountsOnce() {
        assertThat(names.all(List.of("lab/tiny", "model/lab/tiny", FIRST)))
                .extracting(StoredRow::name)
                .containsExactly("model/lab/tiny", "model/lab/tiny@abcd12340000");
    }

    @ParameterizedTest
    @CsvSource({
        "abcd, model/lab/tiny@abcd12340000 or model/lab/tiny@abcd56780000",
        "feed0, dataset/lab/tiny@feed00000000 or dataset/lab/poems@feed00000000",
        "LAB/TWIN, model/Lab/Twin or model/lab/twin"
    })
    void whatCouldBeSeveralIsRefusedWithAllOfThem(String target, String list) {
        assertThatThrownBy(() -> names.all(List.of(target)))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessage("\"" + target + "\" could be " + list + ".");
    }

    @Test
    void aRepositoryThatIsCalledLikeACommitIsNotGuessed() {
        assertThatThrownBy(() -> names.all(List.of("feed")))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("model/feed")
                .hasMessageContaining("dataset/lab/tiny@feed00000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "main",
                "lab/tiny@v2",
                "lab/tiny@",
                "lab/none",
                "a/b/c/d",
                "lab",
                "models",
                ".",
                "/",
                "model/",
                "lab/tiny@abcd9",
                "dataset/gpt2"
            })
    void whatIsNotThereIsNamed(String target) {
        assertThatThrownBy(() -> names.all(List.of("lab/tiny", target)))
                .isInstanceOf(FetchException.NotStored.class)
                .hasMessage("Nothing in /hub is called \"" + target + "\".");
    }

    @Test
    void everythingThatIsNotThereIsNamedAtOnce() {
        assertThatThrownBy(() -> names.all(List.of("lab/none", "lab/tiny", "nobody/at-all")))
                .hasMessageContaining("\"lab/none\", \"nobody/at-all\"");
    }

    @ParameterizedTest
    @CsvSource({
        "lab/tinny, model/lab/tiny",
        "model/lab/tony, model/lab/tiny",
        "poems, dataset/lab/poems",
        "lab/poems, dataset/lab/poems",
        "gpt3, model/gpt2",
        "Gpt-2, model/gpt2"
    })
    void whatIsNearIsSuggested(String target, String suggestion) {
        assertThatThrownBy(() -> names.all(List.of(target)))
                .extracting(e -> ((FetchException) e).hint())
                .asString()
                .startsWith("Did you mean ")
                .contains(suggestion);
    }

    @Test
    void nothingIsSuggestedThatIsFarAway() {
        assertThatThrownBy(() -> names.all(List.of("somebody/something-else")))
                .extracting(e -> ((FetchException) e).hint())
                .isEqualTo("List what is stored.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hf://lab/tiny/model.bin", "hf://", "ftp://lab/tiny", "hf://buckets/lab/tiny"})
    void whatCannotBeMeantIsRefused(String target) {
        assertThatThrownBy(() -> names.all(List.of(target))).isInstanceOf(FetchException.Usage.class);
    }

    @Test
    void aPasswordIsNotRepeated() {
        assertThatThrownBy(() -> names.all(List.of("https://me:secret@huggingface.co/lab/none")))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void whereRepositoriesAreMeantARevisionIsRefused() {
        assertThat(names.repositories(List.of("lab/tiny")))
                .extracting(CachedRepo::key)
                .containsExactly("model/lab/tiny");
        assertThatThrownBy(() -> names.repositories(List.of("lab/tiny@main")))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessage("model/lab/tiny@abcd12340000 is one revision.");
    }
}
