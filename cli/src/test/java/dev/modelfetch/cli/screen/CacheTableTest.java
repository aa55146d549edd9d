package dev.modelfetch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.Leftover;
import dev.modelfetch.Verification;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheTableTest {

    private static final int WIDE = 999;

    private static final CachedRepo FOREIGN = CacheSamples.repo(
            "model/gpt2", CacheSamples.revision("a".repeat(40), 5000, 3, "main"), CacheSamples.revision("b", 20, 9));

    private static final CachedRepo OURS = CacheSamples.repo(
            "model/lab/tiny",
            List.of(
                    CacheSamples.leftover(Leftover.Kind.PARTIAL, 1000),
                    CacheSamples.leftover(Leftover.Kind.INCOMPLETE, 500),
                    CacheSamples.leftover(Leftover.Kind.UNREFERENCED, 7)),
            CacheSamples.ours("c", 100, "mirror", Verification.ORIGIN, "main"),
            CacheSamples.ours("d", 100, "modelscope", Verification.SELF, "v1"));

    private static CacheTable table(CachedRepo... repositories) {
        return table(CacheSamples.contents(repositories), Messages.english());
    }

    private static CacheTable table(CacheContents contents, Messages messages) {
        List<StoredRow> rows = contents.repositories().stream()
                .map(repo -> new StoredRow(repo, null))
                .toList();
        return new CacheTable(contents, rows, true, messages, Samples.NOON, WIDE);
    }

    @Test
    void whatOtherProgramsStoredHasTheColumnsOfThePythonTool() {
        assertThat(table(FOREIGN).lines())
                .containsExactly(
                        "ID          SIZE    LAST_ACCESSED  LAST_MODIFIED  REFS",
                        "model/gpt2  5.0 kB  3 d ago        3 d ago        main",
                        "1 repository, 2 revisions, 5.0 kB, in /hub");
        assertThat(table(FOREIGN).notes(false)).isEmpty();
    }

    @Test
    void whatWeKnowBesidesHasColumnsOfItsOwn() {
        assertThat(table(FOREIGN, OURS).lines())
                .containsExactly(
                        "ID              SIZE    LAST_ACCESSED  LAST_MODIFIED  REFS      SOURCE              VERIFIED  UNFINISHED",
                        "model/gpt2      5.0 kB  3 d ago        3 d ago        main      -                   -         -",
                        "model/lab/tiny  200 B   just now       just now       main, v1  mirror, modelscope  self      1.5 kB",
                        "2 repositories, 4 revisions, 5.2 kB, in /hub");
    }

    @Test
    void revisionsHaveTheirCommitAndWhatIsTheirOwn() {
        CacheContents contents = CacheSamples.contents(OURS);
        List<StoredRow> rows = List.of(new StoredRow(OURS, OURS.revisions().get(0)));

        assertThat(new CacheTable(contents, rows, false, Messages.english(), Samples.NOON, WIDE).lines())
                .containsExactly(
                        "ID              REVISION  SIZE   LAST_MODIFIED  REFS  SOURCE  VERIFIED",
                        "model/lab/tiny  c         100 B  just now       main  mirror  origin",
                        "1 repository, 1 revision, 100 B, in /hub");
    }

    @ParameterizedTest
    @CsvSource({
        "104, ID SIZE LAST_ACCESSED LAST_MODIFIED REFS SOURCE VERIFIED UNFINISHED",
        "103, ID SIZE LAST_ACCESSED LAST_MODIFIED REFS SOURCE UNFINISHED",
        "80, ID SIZE LAST_ACCESSED REFS SOURCE UNFINISHED",
        "60, ID SIZE LAST_ACCESSED REFS UNFINISHED",
        "40, ID SIZE UNFINISHED",
        "30, ID SIZE",
        "5, ID SIZE"
    })
    void aNarrowWindowGetsTheColumnsThatHelpMost(int width, String heading) {
        List<StoredRow> rows = List.of(new StoredRow(FOREIGN, null), new StoredRow(OURS, null));
        CacheTable table = new CacheTable(
                CacheSamples.contents(FOREIGN, OURS), rows, true, Messages.english(), Samples.NOON, width);

        assertThat(table.lines()).hasSize(4).first().asString().isEqualToNormalizingWhitespace(heading);
    }

    @Test
    void aNarrowWindowGetsShorterCommitsFirst() {
        List<StoredRow> rows =
                List.of(new StoredRow(FOREIGN, FOREIGN.revisions().get(0)));
        CacheTable table =
                new CacheTable(CacheSamples.contents(FOREIGN), rows, true, Messages.english(), Samples.NOON, 60);

        assertThat(table.lines())
                .startsWith(
                        "ID          REVISION      SIZE    LAST_MODIFIED  REFS",
                        "model/gpt2  aaaaaaaaaaaa  5.0 kB  3 d ago        main");
    }

    @Test
    void unfinishedAndUnusedFilesAreNotedWhateverIsShown() {
        assertThat(table(OURS).notes(false))
                .extracting(Line::text)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("note: 2 files of unfinished downloads, 1.5 kB."),
                        line -> assertThat(line).startsWith("note: 1 file that no revision uses, 7 B."));
    }

    @Test
    void whatIsNotAsItShouldBeIsCountedAndForTheCuriousNamed() {
        CacheContents contents = CacheSamples.with(
                CacheSamples.contents(FOREIGN),
                new CacheWarning(Path.of("/hub/x"), CacheWarning.Kind.NOT_A_REPOSITORY, ""),
                new CacheWarning(Path.of("/hub/y"), CacheWarning.Kind.UNREADABLE, "AccessDenied"));

        assertThat(table(contents, Messages.english()).notes(false))
                .extracting(Line::text)
                .containsExactly("note: 2 things in the cache are not as they should be; -v names them.");
        assertThat(table(contents, Messages.english()).notes(true))
                .extracting(Line::text)
                .containsExactly("note: not a repository: /hub/x", "note: cannot be read: /hub/y (AccessDenied)");
    }

    @Test
    void everyKindOfWarningHasWords() {
        for (CacheWarning.Kind kind : CacheWarning.Kind.values()) {
            CacheContents contents =
                    CacheSamples.with(CacheSamples.contents(FOREIGN), new CacheWarning(Path.of("/x"), kind, ""));
            assertThat(table(contents, Messages.chinese()).notes(true)).hasSize(1);
        }
    }

    @Test
    void chineseColumnsStandUnderEachOther() {
        assertThat(table(CacheSamples.contents(FOREIGN), Messages.chinese()).lines())
                .containsExactly(
                        "名称        大小    上次使用  上次修改  分支和标签",
                        "model/gpt2  5.0 kB  3 天前    3 天前    main",
                        "1 个仓库，2 个版本，5.0 kB；位于 /hub");
    }

    @Test
    void anEmptyCacheIsSaidToBeEmpty() {
        assertThat(table().lines()).containsExactly("nothing is stored in /hub");
    }
}
