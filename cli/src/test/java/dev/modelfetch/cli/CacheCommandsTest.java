package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Digest;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.FetchException;
import dev.modelfetch.Leftover;
import dev.modelfetch.Selection;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.Verification;
import dev.modelfetch.cli.screen.CacheSamples;
import dev.modelfetch.cli.screen.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheCommandsTest {

    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    private static final CachedRepo TINY = CacheSamples.repo(
            "model/lab/tiny",
            List.of(CacheSamples.leftover(Leftover.Kind.INCOMPLETE, 9)),
            CacheSamples.revision(FIRST, 300, 3, "main"),
            CacheSamples.revision(SECOND, 50, 5));

    private static final CachedRepo POEMS = CacheSamples.repo(
            "dataset/lab/poems", CacheSamples.ours("3".repeat(40), 20, "mirror", Verification.ORIGIN));

    private static final CachedRepo KERNEL = CacheSamples.repo("kernel/lab/fast", CacheSamples.revision("4", 1000, 9));

    private final Desk desk = new Desk();

    @BeforeEach
    void fill() {
        desk.cache.contents = CacheSamples.contents(TINY, POEMS, KERNEL);
        desk.cache.plan = new Eviction(
                CacheSamples.ROOT,
                List.of(
                        CacheSamples.whole(POEMS),
                        new Eviction.Share(
                                TINY,
                                false,
                                TINY.revisions(),
                                List.of(
                                        new Eviction.Deletion(Path.of("/hub/a"), 341),
                                        new Eviction.Deletion(
                                                TINY.leftovers().get(0).path(), 9)))),
                List.of(new Eviction.Deletion(Path.of("/hub/blobs/x"), 1000)));
        desk.cache.evicted = new Evicted(1370, List.of(Path.of("/hub/a")), List.of());
    }

    private JsonObject json() {
        return JsonParser.parseString(desk.out()).getAsJsonObject();
    }

    @Test
    void lsListsRepositoriesByNameWithTheSum() {
        assertThat(desk.run("cache", "ls")).isZero();

        assertThat(desk.out().lines().map(line -> line.split(" +")[0]))
                .containsExactly("ID", "dataset/lab/poems", "kernel/lab/fast", "model/lab/tiny", "3");
        assertThat(desk.out()).endsWith("3 repositories, 4 revisions, 1.4 kB, in /hub\n");
        assertThat(desk.err()).startsWith("note: 1 file of unfinished downloads, 9 B.");
    }

    @ParameterizedTest
    @CsvSource({
        "--sort size, 'kernel/lab/fast,model/lab/tiny,dataset/lab/poems'",
        "--sort size:asc, 'dataset/lab/poems,model/lab/tiny,kernel/lab/fast'",
        "--sort accessed, 'dataset/lab/poems,model/lab/tiny,kernel/lab/fast'",
        "--sort modified:asc, 'kernel/lab/fast,model/lab/tiny,dataset/lab/poems'",
        "--sort name:desc, 'model/lab/tiny,kernel/lab/fast,dataset/lab/poems'",
        "--sort size --limit 1, kernel/lab/fast",
        "-f size>100 --filter size<500, model/lab/tiny",
        "-f type=dataset, dataset/lab/poems"
    })
    void lsSortsFiltersAndCuts(String options, String names) {
        assertThat(desk.run(("cache ls -q " + options).split(" "))).isZero();

        assertThat(desk.out().lines()).containsExactly(names.split(","));
        assertThat(desk.err()).isEmpty();
    }

    @Test
    void lsFitsItsTableIntoAWindowButNotIntoAPipe() {
        desk.cache.contents = CacheSamples.contents(
                CacheSamples.repo("model/lab/" + "x".repeat(50), CacheSamples.revision(FIRST, 1, 3, "main")));

        assertThat(desk.run("cache", "ls")).isZero();
        assertThat(desk.out()).contains("LAST_MODIFIED");
        desk.shown = true;
        assertThat(desk.run("cache", "ls")).isZero();
        assertThat(desk.out().lines().skip(3).toList()).first().asString().doesNotContain("LAST_MODIFIED");
    }

    @Test
    void lsOfRevisionsQuietlyIsCommits() {
        assertThat(desk.run("cache", "ls", "--revisions", "-q", "-f", "type=model"))
                .isZero();
        assertThat(desk.out().lines()).containsExactly(FIRST, SECOND);
    }

    @Test
    void lsWithoutAnyLineLeftIsNoFailure() {
        assertThat(desk.run("cache", "ls", "-f", "size>1TB")).isZero();
        assertThat(desk.out()).isEqualTo("0 repositories, 0 revisions, 0 B, in /hub\n");
        assertThat(desk.run("cache", "ls", "--limit", "0", "-q")).isZero();
    }

    @Test
    void lsWithJsonIsOneObject() {
        assertThat(desk.run("cache", "ls", "--json", "--sort", "name:desc")).isZero();

        JsonObject first = json().getAsJsonArray("repositories").get(0).getAsJsonObject();
        assertThat(first.get("id").getAsString()).isEqualTo("model/lab/tiny");
        assertThat(first.get("size").getAsLong()).isEqualTo(350);
        assertThat(first.get("unfinished").getAsLong()).isEqualTo(9);
        assertThat(first.get("revisions").getAsInt()).isEqualTo(2);
        assertThat(first.get("lastModified").getAsString()).isEqualTo("2026-11-18T12:00:00Z");
        assertThat(first.has("verified")).isFalse();
        assertThat(json().getAsJsonArray("probes")).isEmpty();
    }

    @Test
    void lsOfRevisionsWithJsonNamesCommitSourceAndVerification() {
        assertThat(desk.run("cache", "ls", "--json", "--revisions")).isZero();

        JsonObject first = json().getAsJsonArray("revisions").get(0).getAsJsonObject();
        assertThat(first.get("commit").getAsString()).isEqualTo("3".repeat(40));
        assertThat(first.getAsJsonArray("sources")).hasSize(1);
        assertThat(first.get("verified").getAsString()).isEqualTo("origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cache rm lab/tiny", "cache prune", "cache prune --max-size 1GB", "cache rm lab/tiny --json"})
    void withoutATerminalNothingIsDeletedThatNobodySaidYesTo(String line) {
        desk.input = "y\n";

        assertThat(desk.run(line.split(" "))).isEqualTo(2);
        desk.terminal = true;
        assertThat(desk.run(line.split(" "))).as("only the screen is one").isEqualTo(2);
        desk.terminal = false;
        desk.keyboard = true;
        assertThat(desk.run(line.split(" "))).as("only the keyboard is one").isEqualTo(2);

        assertThat(desk.err()).contains("there is no terminal to ask on", "-y", "--dry-run");
        assertThat(desk.cache.asked).isEmpty();
    }

    @Test
    void yesBeforehandNeedsNoQuestion() {
        assertThat(desk.run("cache", "rm", "-y", "lab/tiny", SECOND)).isZero();

        assertThat(desk.cache.asked)
                .containsExactly("remove [/hub/model--lab--tiny, /hub/snapshots/" + SECOND + "]", "evict");
        assertThat(desk.out()).isEqualTo("freed 1.4 kB\n");
        assertThat(desk.err()).contains("model/lab/tiny").doesNotContain("[y/N]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "Y", "yes", " YES "})
    void onATerminalAYesDeletes(String answer) {
        desk.terminal = true;
        desk.keyboard = true;
        desk.input = answer + "\n";

        assertThat(desk.run("cache", "prune")).isZero();

        assertThat(desk.cache.asked).containsExactly("prune PT168H", "evict");
        assertThat(desk.err())
                .contains("Delete 1 repository, 2 revisions, 2 files and free 1.4 kB? [y/N] ")
                .contains(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "n\n", "no\n", "yess\n", "ｙ\n", "maybe yes\n"})
    void onATerminalAnythingElseDeletesNothing(String answer) {
        desk.terminal = true;
        desk.keyboard = true;
        desk.input = answer;

        assertThat(desk.run("cache", "rm", "lab/tiny")).isEqualTo(130);

        assertThat(desk.cache.asked).doesNotContain("evict");
        assertThat(desk.err()).contains("Nothing was deleted.");
        assertThat(desk.out()).isEmpty();
    }

    @Test
    void aTerminalThatCannotMoveItsCursorCanBeAskedOnToo() {
        desk.terminal = true;
        desk.keyboard = true;
        desk.environment.put("TERM", "dumb");
        desk.input = "y\n";

        assertThat(desk.run("cache", "prune", "-q")).isZero();
        assertThat(desk.cache.asked).contains("evict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache rm lab/tiny --dry-run", "cache prune --dry-run", "cache prune --dry-run -y"})
    void aDryRunShowsThePlanAndDeletesNothing(String line) {
        assertThat(desk.run(line.split(" "))).isZero();

        assertThat(desk.cache.asked).doesNotContain("evict");
        assertThat(desk.out().lines())
                .containsExactly(
                        "FREES   ID                 WHAT",
                        "20 B    dataset/lab/poems  everything",
                        "350 B   model/lab/tiny     " + FIRST + " (main)",
                        "        model/lab/tiny     " + SECOND,
                        "        model/lab/tiny     1 file of no revision",
                        "1.0 kB  -                  1 file that no repository would use",
                        "1 repository, 2 revisions, 2 files: 1.4 kB");
        assertThat(desk.err()).isEmpty();
    }

    @Test
    void aDryRunWithJsonIsOneObject() {
        assertThat(desk.run("cache", "prune", "--dry-run", "--json")).isZero();

        assertThat(json().get("dryRun").getAsBoolean()).isTrue();
        assertThat(json().get("bytes").getAsLong()).isEqualTo(1370);
        assertThat(json().getAsJsonArray("repositories")).hasSize(2);
        assertThat(json().has("deleted")).isFalse();
    }

    @Test
    void whatWasDoneWithJsonIsOneObject() {
        assertThat(desk.run("cache", "prune", "-y", "--json")).isZero();

        assertThat(json().get("dryRun").getAsBoolean()).isFalse();
        assertThat(json().get("freed").getAsLong()).isEqualTo(1370);
        assertThat(json().getAsJsonArray("deleted")).hasSize(1);
        assertThat(json().getAsJsonArray("skipped")).isEmpty();
    }

    @Test
    void whereThereIsNothingToDeleteNobodyIsAsked() {
        desk.cache.plan = new Eviction(CacheSamples.ROOT, List.of(), List.of());

        assertThat(desk.run("cache", "prune", "-y")).isZero();
        assertThat(desk.out()).isEqualTo("nothing to delete in /hub\n");
        assertThat(desk.cache.asked).doesNotContain("evict");
    }

    @ParameterizedTest
    @CsvSource({
        "rm lab/tiny, IN_USE, 7",
        "rm lab/tiny, CHANGED, 7",
        "rm lab/tiny, FAILED, 7",
        "prune, IN_USE, 0",
        "prune, CHANGED, 0",
        "prune, FAILED, 7"
    })
    void whatHadToStayIsNamedAndWhereItWasChosenAFailure(String command, Evicted.Reason reason, int code) {
        desk.cache.evicted = new Evicted(
                5,
                List.of(),
                List.of(new Evicted.Skipped(Path.of("/hub/model--lab--tiny"), reason, "Permission denied")));

        assertThat(desk.run(("cache " + command + " -y").split(" "))).isEqualTo(code);

        assertThat(desk.out()).isEqualTo("freed 5 B\n");
        assertThat(desk.err()).contains("note: /hub/model--lab--tiny ");
    }

    @Test
    void anUnknownTargetDeletesNothingOfTheOthersEither() {
        assertThat(desk.run("cache", "rm", "-y", "lab/tiny", "lab/tinny")).isEqualTo(8);

        assertThat(desk.cache.asked).isEmpty();
        assertThat(desk.err()).contains("\"lab/tinny\"", "Did you mean model/lab/tiny?");
    }

    @ParameterizedTest
    @CsvSource({"--older-than 0, prune PT0S", "--older-than 2w, prune PT336H", "--max-size 1.5GB, shrink 1500000000"})
    void pruneChoosesAsToldTo(String options, String asked) {
        assertThat(desk.run(("cache prune --dry-run " + options).split(" "))).isZero();
        assertThat(desk.cache.asked).containsExactly(asked);
    }

    @Test
    void theCacheDirectoryIsThatOfTheOption() {
        assertThat(desk.run("cache", "ls", "--cache-dir", "/elsewhere")).isZero();
        assertThat(desk.setups.get(0).cacheDirectory()).isEqualTo(Path.of("/elsewhere"));
    }

    @Test
    void verifyCountsWhatItFound() {
        desk.cache.checks = List.of(check(TINY.revisions().get(0), StoredCheck.State.OK, StoredCheck.State.UNPROVED));

        assertThat(desk.run("cache", "verify")).isZero();

        assertThat(desk.cache.asked).containsExactly("verify [model/lab/tiny, dataset/lab/poems]");
        assertThat(desk.out()).isEqualTo("1 repository, 1 revision, 2 files: 1 ok, 0 corrupt, 0 missing, 1 unproved\n");
        assertThat(desk.err()).contains("kernel/lab/fast is not checked");
    }

    @Test
    void verifyNamesEveryDamagedFileAndEndsWithSix() {
        damage();

        assertThat(desk.run("cache", "verify", "lab/tiny")).isEqualTo(6);

        assertThat(desk.cache.asked).containsExactly("verify [model/lab/tiny]");
        assertThat(desk.out().lines())
                .containsExactly(
                        "corrupt   model/lab/tiny@222222222222  f1  expected sha256:" + Samples.SHA + ", found -",
                        "missing   model/lab/tiny@222222222222  f2",
                        "1 repository, 2 revisions, 4 files: 2 ok, 1 corrupt, 1 missing, 0 unproved");
        assertThat(desk.err()).contains("What is stored in /hub is not what was published.", "--repair");
        assertThat(desk.requests).isEmpty();
    }

    @Test
    void verifyWithJsonIsOneObjectWithEveryRevision() {
        damage();

        assertThat(desk.run("cache", "verify", "--json")).isEqualTo(6);

        assertThat(json().get("ok").getAsBoolean()).isFalse();
        assertThat(json().getAsJsonObject("error").get("kind").getAsString()).isEqualTo("corrupt");
        JsonObject second = json().getAsJsonArray("revisions").get(1).getAsJsonObject();
        assertThat(second.get("id").getAsString()).isEqualTo("model/lab/tiny");
        assertThat(second.get("commit").getAsString()).isEqualTo(SECOND);
        assertThat(second.getAsJsonArray("files")).hasSize(3);
    }

    @Test
    void repairFetchesExactlyWhatIsDamaged() {
        damage();

        assertThat(desk.run("cache", "verify", "--repair", "--source", "mirror"))
                .isZero();

        assertThat(desk.requests).singleElement().satisfies(request -> {
            assertThat(request.repo().id()).isEqualTo("lab/tiny");
            assertThat(request.revision()).contains(SECOND);
            assertThat(request.selection()).isEqualTo(Selection.all().files("f1", "f2"));
        });
        assertThat(desk.out()).endsWith("repaired: 2 files\n");
        assertThat(desk.err()).contains("corrupt   model/lab/tiny@222222222222  f1");
    }

    @Test
    void aRepairThatFailsEndsAsTheFetchDid() {
        damage();
        desk.failure = new FetchException.Unreachable("Nobody answered.", "Wait.");

        assertThat(desk.run("cache", "verify", "--repair")).isEqualTo(5);
        assertThat(desk.err()).contains("Nobody answered.");
    }

    @Test
    void wellKeptFilesNeedNoRepair() {
        desk.cache.checks = List.of(check(TINY.revisions().get(0), StoredCheck.State.OK));

        assertThat(desk.run("cache", "verify", "--repair")).isZero();
        assertThat(desk.requests).isEmpty();
    }

    private void damage() {
        desk.cache.checks = List.of(
                check(TINY.revisions().get(0), StoredCheck.State.OK),
                check(
                        TINY.revisions().get(1),
                        StoredCheck.State.OK,
                        StoredCheck.State.CORRUPT,
                        StoredCheck.State.MISSING));
    }

    private static StoredCheck check(CachedRevision revision, StoredCheck.State... states) {
        List<StoredCheck.Item> files = new ArrayList<>();
        for (StoredCheck.State state : states) {
            files.add(new StoredCheck.Item("f" + files.size(), state, Digest.sha256(Samples.SHA), null));
        }
        return new StoredCheck(revision.path(), revision.commit(), "stored listing", files);
    }
}
