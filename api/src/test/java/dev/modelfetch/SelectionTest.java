package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of huggingface.md 6.2. */
class SelectionTest {

    private static final List<String> GLOB_PIECES =
            List.of("a", "b", "c", "*", "?", "[", "[!", "]", "!", "-", "^", "/", ".", "a-a", "a-c", "c-a", "[b-c]");
    private static final List<String> PATH_PIECES = List.of("a", "b", "c", "-", "[", "]", "!", "^", "/", ".");

    private static boolean matches(String glob, String path) {
        return Selection.of(List.of(), List.of(glob), List.of()).matches(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "*.json        | config.json      | true",
                "*.json        | a/b/c.json       | true",
                "*.json        | c.jsonl          | false",
                "*.json        | c.JSON           | false",
                "*             | .gitattributes   | true",
                "*             | a/.b/c           | true",
                "**/*.md       | docs/a.md        | true",
                "**/*.md       | README.md        | false",
                "**.md         | README.md        | true",
                "data          | data/a.txt       | false",
                "data          | data             | true",
                "data/         | data/a.txt       | true",
                "data/         | data/b/c.txt     | true",
                "data/         | data2/a.txt      | false",
                "data/         | x/data/a.txt     | false",
                "data/*        | data/b/c.txt     | true",
                "a?c           | abc              | true",
                "a?c           | a/c              | true",
                "a?c           | ac               | false",
                "a?c           | abbc             | false",
                "[abc].txt     | b.txt            | true",
                "[abc].txt     | d.txt            | false",
                "[a-c].txt     | b.txt            | true",
                "[a-c].txt     | -.txt            | false",
                "[a-a].txt     | a.txt            | true",
                "[a-].txt      | -.txt            | true",
                "[-a].txt      | -.txt            | true",
                "[a-c-e].txt   | -.txt            | true",
                "[a-c-e].txt   | d.txt            | false",
                "[!a-c].txt    | d.txt            | true",
                "[!a-c].txt    | b.txt            | false",
                "[!a].txt      | /.txt            | true",
                "[^a].txt      | ^.txt            | true",
                "[^a].txt      | b.txt            | false",
                "[]].txt       | ].txt            | true",
                "[]a].txt      | a.txt            | true",
                "[!]].txt      | a.txt            | true",
                "[!]].txt      | ].txt            | false",
                "[z-a].txt     | m.txt            | false",
                "[z-a].txt     | z.txt            | false",
                "[!z-a].txt    | m.txt            | true",
                "[z-ab].txt    | b.txt            | true",
                "[a.txt        | [a.txt           | true",
                "[a.txt        | a.txt            | false",
                "[             | [                | true",
                "[!            | [!               | true",
                "[]            | []               | true",
                "[!]           | [!]              | true",
                "a[*]b         | a*b              | true",
                "a[*]b         | axb              | false",
                "a[?]b         | a?b              | true",
                "[[]x]         | [x]              | true",
                "a.b           | axb              | false",
                "a+b(1){2}^$   | a+b(1){2}^$      | true",
                "\\Qx          | /Qx              | true",
                "data\\*.csv   | data/a.csv       | true",
                "模型*.bin     | 模型-1.bin       | true",
                "?.bin         | 模.bin           | true",
                "?.bin         | 🦙.bin           | true",
                "🦙*.bin       | 🦙-1.bin         | true",
                "[🦙🐪].bin    | 🐪.bin           | true",
            })
    void aGlobFollowsFnmatch(String glob, String path, boolean expected) {
        assertThat(matches(glob, path)).isEqualTo(expected);
    }

    @Test
    void aBarIsAnOrdinaryCharacter() {
        assertThat(matches("a|b", "a|b")).isTrue();
        assertThat(matches("a|b", "a")).isFalse();
    }

    @Test
    void aStarCrossesLineEnds() {
        assertThat(matches("a*b", "a\nb")).isTrue();
        assertThat(matches("a?b", "a\nb")).isTrue();
        assertThat(matches("ab", "ab\n")).isFalse();
    }

    @Test
    void theEmptyPatternMatchesNothing() {
        assertThat(matches("", "a")).isFalse();
    }

    @Test
    void aBackslashInAPathCountsAsASlash() {
        assertThat(matches("data/", "data\\a.csv")).isTrue();
        assertThat(matches("data\\a.csv", "data\\a.csv")).isTrue();
    }

    @Test
    void aPathSpeltExactlyLikeThePatternIsTaken() {
        assertThat(matches("weights[1].bin", "weights[1].bin")).isTrue();
        assertThat(matches("weights[1].bin", "weights1.bin")).isTrue();
    }

    @Test
    void aFileIsTakenWhenAnyIncludeMatchesAndNoExcludeDoes() {
        Selection selection =
                Selection.of(List.of("LICENSE"), List.of("*.json", "*.safetensors"), List.of("onnx/*", "*.bin"));

        assertThat(selection.matches("LICENSE")).isTrue();
        assertThat(selection.matches("config.json")).isTrue();
        assertThat(selection.matches("a/model.safetensors")).isTrue();
        assertThat(selection.matches("onnx/config.json")).isFalse();
        assertThat(selection.matches("README.md")).isFalse();
    }

    @Test
    void exclusionAloneTakesEverythingElse() {
        Selection selection = Selection.of(List.of(), List.of(), List.of("*.bin"));

        assertThat(selection.matches("README.md")).isTrue();
        assertThat(selection.matches("a/b.bin")).isFalse();
        assertThat(selection.isEverything()).isFalse();
    }

    @Test
    void exclusionWinsEvenOverAnExactName() {
        assertThat(Selection.of(List.of("a.bin"), List.of(), List.of("*.bin")).matches("a.bin"))
                .isFalse();
    }

    @Test
    void everythingIsEverything() {
        assertThat(Selection.all().isEverything()).isTrue();
        assertThat(Selection.all().matches(".hidden/x")).isTrue();
        assertThat(Selection.of(List.of(), List.of(), List.of()).isEverything()).isTrue();
        assertThat(Selection.all()).hasToString("everything");
    }

    @Test
    void namesWithoutWildcardsMustExistAndPatternsNeedNot() {
        Selection selection =
                Selection.of(List.of("a.json", "*.md", "onnx/", "b[1].txt", "c?"), List.of("d"), List.of());

        assertThat(paths(selection, "a.json")).containsExactly("a.json");
        assertThatThrownBy(() -> paths(selection, "x.md", "d"))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessageStartingWith("There is no file a.json in lab/tiny");
    }

    @Test
    void oneNameAndNothingElseIsASingleFile() {
        Manifest manifest = Rows.of("a/b.json", "a", "b");

        assertThat(Selection.of(List.of("a/b.json"), List.of(), List.of()).isSingleFile(manifest))
                .isTrue();
        assertThat(Selection.of(List.of("a", "b"), List.of(), List.of()).isSingleFile(manifest))
                .isFalse();
        assertThat(Selection.of(List.of("*"), List.of(), List.of()).isSingleFile(manifest))
                .isFalse();
        assertThat(Selection.of(List.of(), List.of("a"), List.of()).isSingleFile(manifest))
                .isFalse();
        assertThat(Selection.all().files("a").configOnly().isSingleFile(manifest))
                .isFalse();
    }

    @Test
    void randomGlobsAgreeWithAPlainMatcher() {
        Random random = new Random(20261);
        int hits = 0;
        for (int i = 0; i < 200_000; i++) {
            String glob = text(random, GLOB_PIECES, 7);
            String path = text(random, PATH_PIECES, 6);
            boolean expected = glob.equals(path) || PlainGlob.matches(glob.endsWith("/") ? glob + "*" : glob, path);

            assertThat(matches(glob, path)).as("\"%s\" on \"%s\"", glob, path).isEqualTo(expected);
            hits += expected ? 1 : 0;
        }
        // Otherwise agreement would mean little.
        assertThat(hits).isGreaterThan(5_000);
    }

    private static String text(Random random, List<String> pieces, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    @Test
    void aFileIsNoPattern() {
        Selection selection = Selection.all().files("a[1].bin");

        assertThat(paths(selection, "a[1].bin", "a1.bin")).containsExactly("a[1].bin");
        assertThat(selection.isSingleFile(Rows.of("a[1].bin"))).isTrue();
        assertThat(selection.isEverything()).isFalse();
    }

    @Test
    void everyFileMustExist() {
        assertThatThrownBy(() -> paths(Selection.all().files("a", "*.json"), "a", "b.json"))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("There is no file *.json in lab/tiny as hub lists it (revision main).");
    }

    @Test
    void aFolderAmongTheFilesIsEverythingBelowIt() {
        Selection selection = Selection.all().files("v[1]/").exclude("*.md");

        assertThat(paths(selection, "v[1]/w/a.bin", "v[1]/a.md", "v1/a.bin")).containsExactly("v[1]/w/a.bin");
        assertThat(selection.isSingleFile(Rows.of("v[1]/a"))).isFalse();
    }

    @Test
    void filesAndPatternsAreKeptApart() {
        Selection selection =
                Selection.all().files("[a].txt").include("[b].txt").exclude("c.*");

        assertThat(paths(selection, "[a].txt", "a.txt", "[b].txt", "b.txt", "c.txt"))
                .containsExactly("[a].txt", "[b].txt", "b.txt");
    }

    @Test
    void whatTheListingHasToTheLetterIsNoPattern() {
        Selection selection = Selection.of(List.of("*.pt", "b?", "v[1]/"), List.of(), List.of());

        assertThat(paths(selection, "*.pt", "x.pt", "b1", "b2", "v[1]/a", "v1/a"))
                .containsExactly("*.pt", "b1", "b2", "v[1]/a");
    }

    @Test
    void aPatternThatWasSaidToBeOneStaysOne() {
        assertThat(paths(Selection.all().include("*.pt"), "*.pt", "x.pt")).containsExactly("*.pt", "x.pt");
    }

    @Test
    void everyConditionMustHold() {
        Selection small = Selection.all().where(file -> file.size() < 1000);

        assertThat(paths(small, "a 10", "b 2kB")).containsExactly("a");
        assertThat(paths(small.where(file -> file.path().startsWith("a")), "a1 10", "a2 2kB", "b 10"))
                .containsExactly("a1");
        assertThat(paths(small.files("c"), "a 10", "c 10")).containsExactly("c");
    }

    @Test
    void aConditionHoldsForNamedFilesToo() {
        assertThatThrownBy(() -> paths(Selection.all().files("b").where(file -> file.size() < 1000), "b 2kB"))
                .isInstanceOf(FetchException.NotFound.class)
                .hasMessage("No file of lab/tiny matches [b] under a condition.");
    }

    @Test
    void aSelectionIsAValue() {
        Predicate<RepoFile> small = file -> file.size() < 1000;
        Supplier<Selection> made = () -> Selection.of(List.of("a"), List.of("*.b"), List.of("c"))
                .files("d")
                .where(small)
                .gguf("q4_k_m");

        assertThat(made.get())
                .isEqualTo(made.get())
                .hasSameHashCodeAs(made.get())
                .hasToString("the quantisation Q4_K_M of [d, a, *.b] without [c] under a condition");
        List<Selection> others = List.of(
                Selection.all(),
                Selection.all().files("a"),
                Selection.all().include("a"),
                Selection.all().exclude("a"),
                Selection.all().where(small),
                Selection.all().where(file -> true),
                Selection.all().weights(Weights.BEST),
                Selection.all().weights(Weights.GGUF),
                Selection.all().gguf("Q8_0"),
                Selection.all().configOnly());
        assertThat(others).doesNotHaveDuplicates();
        assertThat(Selection.all().include().exclude().files()).isEqualTo(Selection.all());
        assertThat(Selection.all().gguf("fp16")).isEqualTo(Selection.all().gguf("F16"));
        assertThat(Selection.all().configOnly().weights(Weights.BIN))
                .as("the last word counts")
                .isEqualTo(Selection.all().weights(Weights.BIN));
    }

    private static List<String> paths(Selection selection, String... rows) {
        return selection.from(Rows.of(rows)).stream().map(RepoFile::path).toList();
    }
}
