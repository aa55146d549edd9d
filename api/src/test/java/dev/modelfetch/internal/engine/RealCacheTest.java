package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.Cache;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.CheckProgress;
import dev.modelfetch.Destination;
import dev.modelfetch.Evicted;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchListener;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.Occupancy;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Recorder;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a cache says of what jobs stored, and how evictions and jobs get along. */
@Timeout(120)
class RealCacheTest extends EngineBench {

    private final Recorder recorder = new Recorder();

    @Test
    void whatIsBeingFetchedIntoStays() throws Exception {
        engine(origin);
        CountDownLatch goOn = new CountDownLatch(1);
        host.next(request -> {
            goOn.await();
            return FileHost.ranged(CONFIG).to(request);
        });
        CompletableFuture<Snapshot> job =
                engine.start(request().build(), recorder).result();
        await().until(() -> host.requests().stream()
                .anyMatch(request -> request.getUrl().encodedPath().endsWith("model.safetensors")));
        Cache cache = engine.cache();

        Evicted evicted = cache.evict(cache.planShrinking(0));

        assertThat(evicted.bytes()).isZero();
        assertThat(evicted.skipped()).extracting(Evicted.Skipped::path).containsExactly(repoFolder());
        assertThat(evicted.skipped()).extracting(Evicted.Skipped::reason).containsExactly(Evicted.Reason.IN_USE);
        goOn.countDown();
        Snapshot result = job.get(60, TimeUnit.SECONDS);
        assertThat(result.file("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(cache.evict(cache.planShrinking(0)).bytes()).isEqualTo(TOTAL);
        assertThat(repoFolder()).doesNotExist();
    }

    @Test
    void aJobWaitsForAnEvictionAndSaysSo() throws Exception {
        engine(origin);
        Path hub = Files.createDirectories(home.resolve("hub"));
        CompletableFuture<Snapshot> job;
        Closeable eviction =
                new Occupancy(hub).seize(HubCache.folderName(FakeSource.REPO)).orElseThrow();
        try (eviction) {
            job = engine.start(request().build(), recorder).result();
            await().until(() -> !recorder.all(FetchEvent.Waiting.class).isEmpty());
            assertThat(host.requests()).isEmpty();
            assertThat(recorder.all(FetchEvent.Waiting.class).get(0).causes()).containsOnlyKeys("cache");
        }
        assertThat(job.get(60, TimeUnit.SECONDS).files()).hasSize(3);
    }

    @Test
    void aJobThatWaitsForAnEvictionCanBeStopped() throws Exception {
        engine(origin);
        Path hub = Files.createDirectories(home.resolve("hub"));
        Closeable eviction =
                new Occupancy(hub).seize(HubCache.folderName(FakeSource.REPO)).orElseThrow();
        try (eviction) {
            CompletableFuture<Snapshot> job =
                    engine.start(request().build(), recorder).result();
            await().until(() -> !recorder.all(FetchEvent.Waiting.class).isEmpty());

            job.cancel(true);

            await().until(() -> !recorder.all(FetchEvent.Failed.class).isEmpty());
            assertThat(recorder.all(FetchEvent.Failed.class).get(0).error())
                    .isInstanceOf(FetchException.Cancelled.class);
        }
    }

    /** Two jobs and an eviction of everything, over and over: whatever is left is whole. */
    @Test
    void jobsAndEvictionsAtTheSameTimeLeaveNothingBroken() throws Exception {
        FakeSource other = FakeSource.mirror(host.url())
                .at(FakeSource.OTHER_COMMIT)
                .listing(CONFIG_ROW, WEIGHTS_ROW, Bytes.small("again/config.json", CONFIG));
        host.holds("again/config.json", CONFIG);
        engine(origin, other);
        Cache cache = engine.cache();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> jobs = new ArrayList<>();
            for (String source : List.of("huggingface", "mirror")) {
                jobs.add(threads.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        assertThat(fetch(request().source(dev.modelfetch.SourceChoice.only(source)))
                                        .files())
                                .hasSize(3);
                    }
                }));
            }
            Future<Long> freed = threads.submit(() -> {
                long bytes = 0;
                while (!over.get()) {
                    bytes += cache.evict(cache.planShrinking(0)).bytes();
                }
                return bytes;
            });
            for (Future<?> job : jobs) {
                job.get(90, TimeUnit.SECONDS);
            }
            over.set(true);
            assertThat(freed.get(60, TimeUnit.SECONDS)).isPositive();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }

        assertThat(cache.repositories()).allMatch(repo -> repo.warnings().isEmpty());
        assertThat(cache.verify()).allMatch(StoredCheck::ok);
        fetch(request());
        assertThat(cache.verify()).isNotEmpty().allMatch(StoredCheck::ok);
    }

    @Test
    void anAnswerFromTheStoreIsAUse() throws IOException {
        fetch(request());
        Path note = repoFolder().resolve(".modelfetch/used/" + FakeSource.COMMIT);
        Instant before = Instant.parse("2020-01-01T00:00:00Z");
        try (var files = Files.walk(repoFolder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setAttribute(file, "lastAccessTime", FileTime.from(before));
                Files.setLastModifiedTime(file, FileTime.from(before));
            }
        }
        assertThat(engine.cache().repositories().get(0).lastAccessed()).isEqualTo(before);

        fetch(request().revision(FakeSource.COMMIT));

        Instant used = Files.getLastModifiedTime(note).toInstant();
        assertThat(used).isAfter(before);
        assertThat(engine.cache().repositories().get(0).lastAccessed()).isAfterOrEqualTo(used);
    }

    @Test
    void everythingIsCheckedAndWhatIsDamagedIsNamed() throws IOException {
        FakeSource other = FakeSource.mirror(host.url())
                .at(FakeSource.OTHER_COMMIT)
                .listing(WEIGHTS_ROW, Bytes.small("again/config.json", CONFIG));
        host.holds("again/config.json", CONFIG);
        engine(origin, other);
        Snapshot first = fetch(request().source(dev.modelfetch.SourceChoice.only("huggingface")));
        Snapshot second = fetch(request().source(dev.modelfetch.SourceChoice.only("mirror")));
        List<CheckProgress> told = new ArrayList<>();
        Cache cache = engine.cache();

        List<StoredCheck> right = cache.verify(cache.repositories(), told::add);

        assertThat(right).hasSize(2).allMatch(StoredCheck::ok);
        assertThat(right)
                .extracting(StoredCheck::against)
                .containsExactlyInAnyOrder("the stored listing of huggingface", "the stored listing of mirror");
        CheckProgress last = told.get(told.size() - 1);
        assertThat(last.done()).as("every content once").isEqualTo(TOTAL).isEqualTo(last.total());
        assertThat(last.repo().key()).isEqualTo("model/demo-lab/tiny-gpt");

        Files.write(first.file("model.safetensors").toRealPath(), Bytes.flipped(WEIGHTS, 7));
        Files.delete(second.file("again/config.json"));
        List<StoredCheck> wrong = cache.verify();

        assertThat(wrong).hasSize(2).noneMatch(StoredCheck::ok);
        assertThat(damaged(wrong, first)).containsExactly("model.safetensors CORRUPT");
        assertThat(damaged(wrong, second))
                .containsExactlyInAnyOrder("model.safetensors CORRUPT", "again/config.json MISSING");
        int requests = host.requests().size();
        fetch(request().source(dev.modelfetch.SourceChoice.only("mirror")));
        assertThat(host.requests()).as("the damaged file alone").hasSize(requests + 1);
        fetch(request().source(dev.modelfetch.SourceChoice.only("huggingface")));
        assertThat(cache.verify()).allMatch(StoredCheck::ok);
    }

    @Test
    void aFileThatCannotBeReadIsDamagedAndHidesNoOther() throws IOException {
        Snapshot stored = fetch(request());
        Path blob = stored.file("model.safetensors").toRealPath();
        Files.delete(blob);
        // Reads fail, whoever the user is.
        Files.createDirectory(blob);

        StoredCheck check = engine.cache().verify().get(0);

        assertThat(damaged(List.of(check), stored)).containsExactly("model.safetensors CORRUPT");
        assertThat(check.files())
                .filteredOn(item -> item.state() == StoredCheck.State.OK)
                .extracting(StoredCheck.Item::path)
                .containsExactly("conf/config.json", ".gitkeep");
    }

    @Test
    void whatAnotherProgramStoredIsCheckedByTheNamesOfItsBlobs() throws IOException {
        Snapshot stored = fetch(request());
        deleted(repoFolder().resolve(".modelfetch"));
        deleted(repoFolder().resolve("trees"));
        Files.write(stored.file("conf/config.json").toRealPath(), Bytes.flipped(CONFIG, 3));
        Files.delete(stored.file(".gitkeep"));
        Files.writeString(stored.root().resolve("plain.txt"), "put there by hand");

        StoredCheck check = engine.cache().verify().get(0);

        assertThat(check.against()).isEqualTo("the names of the stored blobs");
        assertThat(check.files())
                .extracting(item -> item.path() + " " + item.state())
                .containsExactly("conf/config.json CORRUPT", "model.safetensors OK", "plain.txt UNPROVED");
    }

    @Test
    void aCheckCanBeInterrupted() {
        fetch(request());
        Cache cache = engine.cache();
        List<CachedRepo> repositories = cache.repositories();

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> cache.verify(repositories, progress -> {}))
                .isInstanceOf(FetchException.Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aCheckEndsWhenTheEngineIsClosedAndItsCallerIsNotInterrupted() throws IOException {
        Snapshot snapshot = fetch(request());
        // Without a byte on the disk, and long in hashing.
        try (RandomAccessFile weights = new RandomAccessFile(
                snapshot.file("model.safetensors").toRealPath().toFile(), "rw")) {
            weights.setLength(8L << 30);
        }
        Cache cache = engine.cache();
        List<CachedRepo> repositories = cache.repositories();

        assertThatThrownBy(() -> cache.verify(repositories, progress -> engine.close(Duration.ZERO)))
                .isInstanceOf(FetchException.Cancelled.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThatThrownBy(() -> cache.verify(repositories, progress -> {}))
                .isInstanceOf(FetchException.Cancelled.class);
    }

    @Test
    void whileSomethingIsCheckedItIsNotEvicted() {
        fetch(request());
        Cache cache = engine.cache();
        List<Evicted> meanwhile = new ArrayList<>();

        List<StoredCheck> checks =
                cache.verify(cache.repositories(), progress -> meanwhile.add(cache.evict(cache.planShrinking(0))));

        assertThat(checks).allMatch(StoredCheck::ok);
        assertThat(meanwhile).isNotEmpty().allMatch(evicted -> evicted.bytes() == 0);
        assertThat(cache.evict(cache.planShrinking(0)).bytes()).isEqualTo(TOTAL);
    }

    @Test
    void anotherCacheIsAsGood() throws IOException {
        Path elsewhere = home.resolve("elsewhere");
        fetch(request().destination(new Destination.HubCacheAt(elsewhere)));

        assertThat(engine.cache().repositories()).isEmpty();
        Cache cache = engine.cache(elsewhere);
        assertThat(cache.root()).isEqualTo(elsewhere);
        CachedRevision revision = cache.repositories().get(0).revisions().get(0);
        assertThat(revision.commit()).isEqualTo(FakeSource.COMMIT);
        assertThat(revision.refs()).containsExactly("main");
        assertThat(cache.evict(cache.planRemoval(List.of(revision))).bytes()).isEqualTo(TOTAL);
        assertThatThrownBy(() -> engine.fetch(
                        request()
                                .destination(new Destination.HubCacheAt(elsewhere))
                                .offline(true)
                                .build(),
                        FetchListener.SILENT))
                .isInstanceOf(FetchException.NotStored.class);
        assertThat(cache.evict(cache.planPruning(Duration.ZERO)).skipped()).isEmpty();
    }

    private static List<String> damaged(List<StoredCheck> checks, Snapshot of) {
        return checks.stream()
                .filter(check -> check.path().equals(of.root()))
                .flatMap(check -> check.files().stream())
                .filter(item -> item.state() != StoredCheck.State.OK)
                .map(item -> item.path() + " " + item.state())
                .toList();
    }
}
