package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.OTHER_COMMIT;

import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evictable;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.HandClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cache that another tool has filled, and short words for what is wished of it. */
abstract class EvictionBench {

    static final byte[] BIG = Bytes.random(1_000, 1);
    static final byte[] OLD = Bytes.random(500, 2);
    static final byte[] NEW = Bytes.random(300, 3);
    static final String THIRD_COMMIT = "2".repeat(40);

    final HandClock clock = new HandClock();
    final Instant longAgo = clock.instant().minus(Duration.ofDays(30));

    @TempDir
    Path root;

    /** Two revisions that share the big file, and a repository beside. */
    PythonRepo python;

    @BeforeEach
    void fill() throws IOException {
        python = new PythonRepo(root, "models--acme-lab--aurora-7b")
                .file(COMMIT, "weights.bin", BIG)
                .file(COMMIT, "sub/new.json", NEW)
                .file(OTHER_COMMIT, "weights.bin", BIG)
                .file(OTHER_COMMIT, "old.json", OLD)
                .ref("main", COMMIT)
                .ref("refs/pr/1", OTHER_COMMIT);
        Files.createDirectories(python.folder().resolve("trees"));
        Files.writeString(python.folder().resolve("trees/" + OTHER_COMMIT + ".json"), "{}");
        Files.createDirectories(python.folder().resolve(".no_exist/" + OTHER_COMMIT));
        Files.createFile(python.folder().resolve(".no_exist/" + OTHER_COMMIT + "/chat_template.jinja"));
        new PythonRepo(root, "datasets--acme--d").file(COMMIT, "x.csv", OLD).ref("main", COMMIT);
        PythonRepo.touch(root, longAgo);
    }

    static List<Evictable> chosen(CacheRoot cache, List<String> wish) {
        List<Evictable> chosen = new ArrayList<>();
        for (CachedRepo repo : cache.contents().repositories()) {
            if (wish.contains(repo.key())) {
                chosen.add(repo);
            }
            repo.revisions().stream()
                    .filter(revision -> wish.contains(repo.key() + " " + revision.commit()))
                    .forEach(chosen::add);
        }
        return chosen;
    }

    static List<String> commits(Eviction plan) {
        return plan.repositories().stream()
                .flatMap(share ->
                        share.revisions().stream().map(revision -> share.repo().key() + " " + revision.commit()))
                .toList();
    }

    CacheRoot cache() {
        return new CacheRoot(root, clock);
    }

    Eviction removal(Evictable... what) {
        return cache().removal(List.of(what));
    }

    Evicted evict(Eviction plan) {
        return cache().evict(plan);
    }

    CachedRepo repo(String key) {
        return cache().contents().repositories().stream()
                .filter(repo -> repo.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    CachedRevision revision(String commit) {
        return revision("model/acme-lab/aurora-7b", commit);
    }

    CachedRevision revision(String key, String commit) {
        return repo(key).revisions().stream()
                .filter(revision -> revision.commit().equals(commit))
                .findFirst()
                .orElseThrow();
    }
}
