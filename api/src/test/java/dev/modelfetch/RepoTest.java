package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of huggingface.md 1.2. */
class RepoTest {

    @ParameterizedTest
    @ValueSource(strings = {"foo", "foo/bar", "123", "Foo-BAR_foo.bar123", "a", "_/_", "Qwen/Qwen2.5-0.5B-Instruct"})
    void ordinaryIdsAreAccepted(String id) {
        assertThat(Repo.of(RepoType.MODEL, id).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "foo/",
                "/foo",
                "foo/bar/baz",
                "datasets/foo/bar",
                ".repo_id",
                "repo_id.",
                "-foo",
                "foo-",
                "foo/.bar",
                "foo./bar",
                "foo--bar",
                "foo/a--b",
                "foo..bar",
                "..",
                "foo.git",
                "foo/bar.git",
                "foo bar",
                "foo\n",
                "foo@bar",
                "foo\\bar",
                "föö/bar",
                "foo/模型",
            })
    void idsThatNoHubCouldHaveAreUsageErrors(String id) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Repo.of(RepoType.MODEL, id))
                .satisfies(e -> assertThat(e.hint()).isNotBlank());
    }

    @Test
    void aNameOf96CharactersIsTheLongest() {
        String longest = "n".repeat(96);

        assertThat(Repo.of(RepoType.MODEL, longest).name()).hasSize(96);
        assertThat(Repo.of(RepoType.MODEL, "a-long-owner/" + longest).name()).hasSize(96);
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Repo.of(RepoType.MODEL, "owner/" + longest + "n"))
                .withMessageContaining("96");
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Repo.of(RepoType.MODEL, "n".repeat(100)));
    }

    @Test
    void anOwnerIsOptional() {
        assertThat(Repo.of(RepoType.MODEL, "acme/tiny").owner()).contains("acme");
        assertThat(Repo.of(RepoType.MODEL, "acme/tiny").name()).isEqualTo("tiny");
        assertThat(Repo.of(RepoType.MODEL, "gpt2").owner()).isEmpty();
        assertThat(Repo.of(RepoType.MODEL, "gpt2").name()).isEqualTo("gpt2");
    }

    @Test
    void letterCaseStaysAsTyped() {
        assertThat(Repo.of(RepoType.MODEL, "Acme/Tiny")).isNotEqualTo(Repo.of(RepoType.MODEL, "acme/tiny"));
    }

    @Test
    void renamingKeepsTheTypeAndNotesWhoseSpellingItIs() {
        Repo there = Repo.of(RepoType.DATASET, "acme/words").renamed("Acme-AI/Words", "modelscope");

        assertThat(there).isEqualTo(new Repo(RepoType.DATASET, "Acme-AI/Words", "modelscope"));
    }

    @ParameterizedTest
    @CsvSource({"MODEL, acme/x", "DATASET, datasets/acme/x", "SPACE, spaces/acme/x"})
    void aRepoPrintsAsItCanBeTypedAgain(RepoType type, String text) {
        Repo repo = Repo.of(type, "acme/x");

        assertThat(repo).hasToString(text);
        assertThat(Address.parse(repo.toString()).repo()).isEqualTo(repo);
    }

    @ParameterizedTest
    @CsvSource({"model, MODEL", "Models, MODEL", "' dataset ', DATASET", "DATASETS, DATASET", "space, SPACE"})
    void aTypeIsReadInSingularAndPluralAndAnyCase(String text, RepoType type) {
        assertThat(RepoType.parse(text)).isEqualTo(type);
    }

    @Test
    void anUnknownTypeIsAUsageErrorThatListsTheKnownOnes() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> RepoType.parse("kernel"))
                .withMessageContaining("kernel")
                .satisfies(e -> assertThat(e.hint()).contains("model", "dataset", "space"));
    }
}
