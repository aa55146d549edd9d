package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_BYTES;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Evicted.Reason;
import dev.modelfetch.Evicted.Skipped;
import dev.modelfetch.Eviction;
import dev.modelfetch.Eviction.Deletion;
import dev.modelfetch.FetchException;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planned to go, what then goes, and what stays. */
class EvictionTest extends EvictionBench {

    @Test
    void aRevisionGoesWithWhatNoOtherHas() throws IOException {
        Eviction plan = removal(revision(OTHER_COMMIT));

        assertThat(plan.bytes()).isEqualTo(OLD.length);
        Eviction.Share share = plan.repositories().get(0);
        assertThat(share.whole()).isFalse();
        assertThat(share.repo().key()).isEqualTo("model/acme-lab/aurora-7b");
        assertThat(share.revisions()).extracting(CachedRevision::commit).containsExactly(OTHER_COMMIT);
        Path folder = python.folder();
        assertThat(share.deletions())
                .containsExactly(
                        new Deletion(folder.resolve("refs/refs/pr/1"), 0),
                        new Deletion(python.snapshot(OTHER_COMMIT), 0),
                        new Deletion(folder.resolve("trees/" + OTHER_COMMIT + ".json"), 0),
                        new Deletion(folder.resolve(".no_exist/" + OTHER_COMMIT), 0),
                        new Deletion(python.blob(OLD), OLD.length));

        Evicted evicted = evict(plan);

        assertThat(evicted.bytes()).isEqualTo(OLD.length);
        assertThat(evicted.skipped()).isEmpty();
        assertThat(evicted.deleted())
                .isEqualTo(share.deletions().stream().map(Deletion::path).toList());
        assertThat(share.deletions()).allMatch(gone -> Files.notExists(gone.path(), LinkOption.NOFOLLOW_LINKS));
        assertThat(folder.resolve("refs/refs")).doesNotExist();
        assertThat(python.snapshot(COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
        assertThat(python.snapshot(COMMIT).resolve("sub/new.json")).hasBinaryContent(NEW);
        assertThat(cache().contents().repositories())
                .allMatch(repo -> repo.warnings().isEmpty() && repo.leftovers().isEmpty());
    }

    @Test
    void withItsLastRevisionTheFolderGoes() throws IOException {
        Eviction plan = removal(revision(OTHER_COMMIT), revision(COMMIT));

        assertThat(plan.repositories().get(0).whole()).isTrue();
        assertThat(plan.repositories().get(0).deletions())
                .containsExactly(new Deletion(python.folder(), BIG.length + OLD.length + NEW.length));
        Evicted evicted = evict(plan);
        assertThat(evicted.deleted()).containsExactly(python.folder());
        assertThat(evicted.bytes()).isEqualTo(plan.bytes());
        assertThat(python.folder()).doesNotExist();
        assertThat(cache().contents().repositories())
                .extracting(CachedRepo::key)
                .containsExactly("dataset/acme/d");
    }

    @Test
    void aRepositoryGoesWithAllThatIsInItsFolder() throws IOException {
        Files.writeString(python.folder().resolve("blobs/abc.incomplete"), "xx");
        PythonRepo.touch(python.folder(), longAgo);

        Eviction plan = removal(repo("model/acme-lab/aurora-7b"), repo("dataset/acme/d"));

        assertThat(plan.bytes()).isEqualTo(BIG.length + OLD.length + NEW.length + 2 + OLD.length);
        assertThat(evict(plan).bytes()).isEqualTo(plan.bytes());
        assertThat(Sample.files(root)).allMatch(file -> file.startsWith(".locks"));
    }

    /** A file in its place may also be the last name of its bytes, or one of several. */
    @Test
    void bytesGoWithTheLastOfTheirNames(@TempDir Path elsewhere) throws IOException {
        PythonRepo copies = new PythonRepo(root, "models--acme--copies")
                .copy(COMMIT, "a", BIG)
                .copy(OTHER_COMMIT, "b", NEW)
                .copy(OTHER_COMMIT, "c", OLD);
        Files.createLink(
                copies.snapshot(OTHER_COMMIT).resolve("a"),
                copies.snapshot(COMMIT).resolve("a"));
        Files.createLink(elsewhere.resolve("c"), copies.snapshot(OTHER_COMMIT).resolve("c"));
        List<CachedRevision> revisions =
                repo("model/acme--copies".replace("--", "/")).revisions();
        CachedRevision other = revisions.stream()
                .filter(each -> each.commit().equals(OTHER_COMMIT))
                .findFirst()
                .orElseThrow();

        assertThat(removal(other).bytes()).as("one shared here, one elsewhere").isEqualTo(NEW.length);
        assertThat(removal(repo("model/acme/copies")).bytes()).isEqualTo(BIG.length + NEW.length);
        assertThat(evict(removal(other)).bytes()).isEqualTo(NEW.length);
        assertThat(copies.snapshot(COMMIT).resolve("a")).hasBinaryContent(BIG);
        assertThat(elsewhere.resolve("c")).hasBinaryContent(OLD);
    }

    @Test
    void pruningTakesWhatNobodyWillMiss() throws IOException {
        Files.delete(python.folder().resolve("refs/refs/pr/1"));
        Path abandoned = Files.write(python.folder().resolve("blobs/a.0a0b0c0d.incomplete"), new byte[7]);
        Path current = Files.write(python.folder().resolve("blobs/b.0a0b0c0d.incomplete"), new byte[7]);
        Path loose = Files.write(python.folder().resolve("blobs/" + "d".repeat(64)), new byte[11]);
        Path justStored = Files.write(python.folder().resolve("blobs/" + "e".repeat(64)), new byte[11]);
        Path own = Files.createDirectories(python.folder().resolve(".modelfetch"));
        Path oldPart = Files.write(own.resolve("aa.part"), new byte[13]);
        Path youngPart = Files.write(own.resolve("bb.part"), new byte[13]);
        for (Path old : List.of(abandoned, loose, oldPart)) {
            PythonRepo.times(old, longAgo);
        }
        // Not so young that somebody is at it.
        for (Path young : List.of(current, justStored, youngPart)) {
            PythonRepo.times(young, clock.instant().minus(Duration.ofHours(1)));
        }

        Eviction plan = cache().pruning(Duration.ofDays(7));
        Evicted evicted = evict(plan);

        assertThat(evicted.skipped()).isEmpty();
        assertThat(evicted.deleted())
                .containsExactlyInAnyOrder(
                        python.snapshot(OTHER_COMMIT),
                        python.folder().resolve("trees/" + OTHER_COMMIT + ".json"),
                        python.folder().resolve(".no_exist/" + OTHER_COMMIT),
                        python.blob(OLD),
                        abandoned,
                        loose,
                        oldPart);
        assertThat(List.of(current, justStored, youngPart)).allMatch(Files::exists);
        assertThat(cache().pruning(Duration.ofMinutes(30)).repositories().get(0).deletions())
                .as("what a later job could go on with goes as soon as one says")
                .extracting(Deletion::path)
                .containsExactly(youngPart);
        assertThat(evict(cache().pruning(Duration.ofDays(7))).deleted()).isEmpty();
    }

    /** The branch is written when everything is there; until then no branch points to it. */
    @Test
    void pruningKeepsARevisionThatIsBeingCompleted() throws IOException {
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        SnapshotStore store = ours.at(THIRD_COMMIT);
        store.prepare(Sample.manifest("huggingface", THIRD_COMMIT, CONFIG, WEIGHTS));
        Sample.fetch(store, CONFIG, CONFIG_BYTES);
        PythonRepo.touch(python.folder(), clock.instant().minus(Duration.ofDays(2)));

        assertThat(cache().pruning(Duration.ofDays(7)).isEmpty()).isTrue();
        assertThat(cache().pruning(Duration.ofDays(1)).repositories().get(0).revisions())
                .extracting(CachedRevision::commit)
                .containsExactly(THIRD_COMMIT);
        Sample.fetch(store, WEIGHTS, WEIGHTS_BYTES);
        assertThat(cache().pruning(Duration.ofDays(7)).repositories().get(0).revisions())
                .as("complete, and nothing points to it")
                .extracting(CachedRevision::commit)
                .containsExactly(THIRD_COMMIT);
    }

    @Test
    void pruningRemovesFoldersInWhichNothingIsLeft() throws IOException {
        new PythonRepo(root, "models--acme--ghost").ref("main", COMMIT);
        PythonRepo.touch(root.resolve("models--acme--ghost"), longAgo);
        new PythonRepo(root, "models--acme--begun").ref("main", COMMIT);
        PythonRepo.touch(root.resolve("models--acme--begun"), clock.instant());

        Eviction plan = cache().pruning(Duration.ofDays(7));

        assertThat(plan.repositories()).extracting(share -> share.repo().id()).containsExactly("acme/ghost");
        assertThat(evict(plan).deleted()).containsExactly(root.resolve("models--acme--ghost"));
    }

    @Test
    void shrinkingTakesTheLeastRecentlyUsedFirstAndNoMoreThanNeeded() throws IOException {
        PythonRepo.touch(root.resolve("datasets--acme--d"), clock.instant().minus(Duration.ofDays(3)));
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        ours.at(OTHER_COMMIT).used();
        long all = cache().contents().bytes();
        assertThat(all).isEqualTo(BIG.length + OLD.length + NEW.length + OLD.length);

        assertThat(cache().shrinking(all).isEmpty()).isTrue();
        assertThat(commits(cache().shrinking(all - 1)))
                .as("not used for a month; the big file belongs to another as well")
                .containsExactly("model/acme-lab/aurora-7b " + COMMIT);
        assertThat(commits(cache().shrinking(all - NEW.length))).containsExactly("model/acme-lab/aurora-7b " + COMMIT);
        assertThat(commits(cache().shrinking(all - NEW.length - 1)))
                .containsExactlyInAnyOrder("model/acme-lab/aurora-7b " + COMMIT, "dataset/acme/d " + COMMIT);
        assertThat(cache().shrinking(0).bytes()).isEqualTo(all);

        Evicted evicted = evict(cache().shrinking(all - NEW.length - 1));

        assertThat(evicted.bytes()).isEqualTo(NEW.length + OLD.length);
        assertThat(cache().contents().bytes()).isEqualTo(all - NEW.length - OLD.length);
        assertThat(python.snapshot(OTHER_COMMIT).resolve("weights.bin")).hasBinaryContent(BIG);
    }

    @Test
    void shrinkingBeginsWithWhatWasAbandoned() throws IOException {
        Path abandoned = Files.write(python.folder().resolve("blobs/a.0a0b0c0d.incomplete"), new byte[700]);
        PythonRepo.times(abandoned, longAgo);
        Path partial = Files.write(
                Files.createDirectories(python.folder().resolve(".modelfetch")).resolve("aa.part"), new byte[7]);
        PythonRepo.times(partial, clock.instant().minus(Duration.ofDays(1)));
        long all = cache().contents().bytes();

        Eviction plan = cache().shrinking(all - 700);

        assertThat(plan.repositories()).hasSize(1);
        assertThat(plan.repositories().get(0).deletions()).containsExactly(new Deletion(abandoned, 700));
        assertThat(evict(cache().shrinking(0)).skipped()).isEmpty();
        assertThat(partial).as("somebody may go on with it").exists();
        assertThat(cache().contents().repositories()).hasSize(1);
    }

    @Test
    void negativeWishesAreRefused() {
        assertThatThrownBy(() -> cache().shrinking(-1)).isInstanceOf(FetchException.Usage.class);
        assertThatThrownBy(() -> cache().pruning(Duration.ofDays(-1))).isInstanceOf(FetchException.Usage.class);
        Eviction foreign = new Eviction(root.resolve("elsewhere"), List.of(), List.of());
        assertThatThrownBy(() -> evict(foreign)).isInstanceOf(FetchException.Usage.class);
    }

    @Test
    void contentThatRepositoriesShareGoesWithItsLastUser() throws IOException {
        String xet = "bf".repeat(32);
        PythonRepo one = new PythonRepo(root, "models--s--one")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        PythonRepo two = new PythonRepo(root, "models--s--two")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        Path entry = root.resolve("blobs/bf").resolve(xet);
        PythonRepo.touch(root, longAgo);

        assertThat(removal(repo("model/s/one")).bytes()).isZero();
        assertThat(evict(removal(repo("model/s/one"))).bytes()).isZero();
        assertThat(one.folder()).doesNotExist();
        assertThat(two.snapshot(COMMIT).resolve("m.bin")).hasBinaryContent(NEW);

        Eviction last = removal(repo("model/s/two"));
        assertThat(last.shared()).containsExactly(new Deletion(entry, NEW.length));
        Evicted evicted = evict(last);
        assertThat(evicted.bytes()).isEqualTo(NEW.length);
        assertThat(evicted.deleted()).containsExactly(two.folder(), entry);
        assertThat(entry.resolveSibling(xet + ".refs")).doesNotExist();
    }

    @Test
    void sharedContentThatJustFoundAUserStays() throws IOException {
        String xet = "bf".repeat(32);
        PythonRepo one = new PythonRepo(root, "models--s--one")
                .file(COMMIT, "m.bin", NEW)
                .share(NEW, xet);
        PythonRepo.touch(root, longAgo);
        Path entry = root.resolve("blobs/bf").resolve(xet);
        Eviction plan = removal(repo("model/s/one"));
        // Another program is about to make the link that it has already announced.
        PythonRepo.times(entry.resolveSibling(xet + ".refs"), clock.instant());

        Evicted evicted = evict(plan);

        assertThat(one.folder()).doesNotExist();
        assertThat(entry).hasBinaryContent(NEW);
        assertThat(evicted.bytes()).isZero();
        assertThat(evicted.skipped())
                .extracting(Skipped::path, Skipped::reason)
                .containsExactly(tuple(entry, Reason.CHANGED));
        assertThat(cache().pruning(Duration.ofDays(7)).shared()).isEmpty();
        PythonRepo.times(entry.resolveSibling(xet + ".refs"), longAgo);
        assertThat(cache().pruning(Duration.ofDays(7)).shared())
                .extracting(Deletion::path)
                .containsExactly(entry);
    }

    @Test
    void nothingOutsideTheCacheIsDeleted(@TempDir Path elsewhere) throws IOException {
        PythonRepo far = new PythonRepo(elsewhere, "models--o--far")
                .file(COMMIT, "x", BIG)
                .ref("main", COMMIT);
        Files.createSymbolicLink(root.resolve("models--o--far"), far.folder());
        PythonRepo blobs = new PythonRepo(root, "models--o--blobs");
        Files.createSymbolicLink(blobs.folder().resolve("blobs"), Files.createDirectory(elsewhere.resolve("blobs")));
        blobs.file(COMMIT, "x", BIG).file(OTHER_COMMIT, "y", OLD);
        PythonRepo snapshots = new PythonRepo(root, "models--o--snapshots");
        Files.createSymbolicLink(
                snapshots.folder().resolve("snapshots"), Files.createDirectories(elsewhere.resolve("s/n/p")));
        snapshots.copy(COMMIT, "x", BIG).copy(OTHER_COMMIT, "y", OLD);
        Path precious = Files.write(elsewhere.resolve("precious"), NEW);
        PythonRepo links = new PythonRepo(root, "models--o--links").link(COMMIT, "absolute", precious);
        Files.createDirectories(links.folder().resolve("blobs"));
        Files.createSymbolicLink(links.folder().resolve("blobs/" + "c".repeat(64)), precious);
        Files.createSymbolicLink(links.snapshot(OTHER_COMMIT), Files.createDirectory(elsewhere.resolve("commit")));
        Files.write(elsewhere.resolve("commit/z"), NEW);
        List<String> before = Sample.files(elsewhere);

        Evicted parts = evict(removal(
                revision("model/o/blobs", OTHER_COMMIT),
                revision("model/o/snapshots", OTHER_COMMIT),
                revision("model/o/links", OTHER_COMMIT)));

        assertThat(parts.skipped())
                .extracting(Skipped::path, Skipped::reason)
                .containsExactly(tuple(snapshots.folder(), Reason.FAILED));
        assertThat(blobs.snapshot(OTHER_COMMIT)).doesNotExist();
        assertThat(links.snapshot(OTHER_COMMIT)).doesNotExist();
        assertThat(Sample.files(elsewhere)).isEqualTo(before);

        Eviction plan = removal(cache().contents().repositories().toArray(Evictable[]::new));
        Evicted evicted = evict(plan);

        assertThat(evicted.skipped()).isEmpty();
        assertThat(plan.bytes()).isEqualTo(BIG.length + OLD.length + NEW.length + OLD.length);
        assertThat(evicted.bytes()).isEqualTo(plan.bytes());
        assertThat(cache().contents().repositories()).isEmpty();
        assertThat(root.resolve("models--o--far")).doesNotExist();
        assertThat(Sample.files(elsewhere)).isEqualTo(before);
        assertThat(precious).hasBinaryContent(NEW);
    }

    @Test
    void whatIsForgottenIsNeitherMissedNorHashedAgain() throws IOException {
        HubCache ours = new HubCache(root, Sample.REPO, true, clock);
        for (String commit : List.of(THIRD_COMMIT, "3".repeat(40))) {
            SnapshotStore store = ours.at(commit);
            store.prepare(Sample.manifest("huggingface", commit, CONFIG, WEIGHTS));
            if (store.find(CONFIG).isEmpty()) {
                Sample.fetch(store, CONFIG, CONFIG_BYTES);
            }
        }
        Sample.fetch(ours.at(THIRD_COMMIT), WEIGHTS, WEIGHTS_BYTES);

        evict(removal(revision("model/acme-lab/aurora-7b", THIRD_COMMIT)));

        HubCache later = new HubCache(root, Sample.REPO, true, clock);
        assertThat(later.manifest(THIRD_COMMIT)).isEmpty();
        assertThat(later.at(THIRD_COMMIT).recorded(WEIGHTS)).isFalse();
        assertThat(later.at("3".repeat(40)).recorded(CONFIG)).isTrue();
        assertThat(later.at("3".repeat(40)).find(CONFIG).orElseThrow().from())
                .as("known as before")
                .containsExactly("mirror");
    }

    @Test
    void onOtherSystemsTheSameGoes() throws IOException {
        for (Configuration system : List.of(Configuration.windows(), Configuration.osX(), Configuration.unix())) {
            try (FileSystem disk = Jimfs.newFileSystem(system)) {
                Path there = Files.createDirectories(disk.getPath("hub").toAbsolutePath());
                PythonRepo linked = new PythonRepo(there, "models--acme--linked")
                        .file(COMMIT, "x", BIG)
                        .file(OTHER_COMMIT, "x", BIG)
                        .file(OTHER_COMMIT, "y", OLD)
                        .ref("refs/pr/1", OTHER_COMMIT);
                PythonRepo copied = new PythonRepo(there, "models--acme--copied")
                        .copy(COMMIT, "x", NEW)
                        .copy(OTHER_COMMIT, "x", OLD);
                CacheRoot cache = new CacheRoot(there, clock);

                Evicted evicted = cache.evict(cache.removal(
                        chosen(cache, List.of("model/acme/linked " + OTHER_COMMIT, "model/acme/copied " + COMMIT))));

                assertThat(evicted.skipped()).isEmpty();
                assertThat(evicted.bytes()).isEqualTo(OLD.length + NEW.length);
                assertThat(linked.snapshot(COMMIT).resolve("x")).hasBinaryContent(BIG);
                assertThat(linked.snapshot(OTHER_COMMIT)).doesNotExist();
                assertThat(linked.folder().resolve("refs/refs")).doesNotExist();
                assertThat(copied.snapshot(COMMIT)).doesNotExist();
                assertThat(cache.evict(cache.shrinking(0)).bytes()).isEqualTo(BIG.length + OLD.length);
                assertThat(cache.contents().bytes()).isZero();
            }
        }
    }
}
