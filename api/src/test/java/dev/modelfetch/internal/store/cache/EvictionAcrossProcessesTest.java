package dev.modelfetch.internal.store.cache;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import dev.modelfetch.internal.store.Occupancy;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.HandClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EvictionAcrossProcessesTest {

    private static final String NAME = "models--acme--m";

    @TempDir
    Path root;

    private PythonRepo repo;

    @BeforeEach
    void fill() throws IOException {
        repo = new PythonRepo(root, NAME)
                .file(COMMIT, "x", Bytes.random(100, 1))
                .ref("main", COMMIT);
    }

    @Test
    void whatAnotherProcessFetchesIntoStaysUntilItIsGone() throws Exception {
        CacheRoot cache = new CacheRoot(root, new HandClock());
        Eviction plan = cache.removal(cache.contents().repositories());
        Process other = other("job");
        new Occupancy(root)
                .enter(NAME)
                .orElseThrow(() -> new AssertionError("jobs keep each other out"))
                .close();

        assertThat(cache.evict(plan).skipped())
                .extracting(Evicted.Skipped::reason)
                .containsExactly(Evicted.Reason.IN_USE);
        assertThat(repo.snapshot(COMMIT)).exists();
        // Killed: its lock goes with it.
        other.destroyForcibly().waitFor();

        assertThat(cache.evict(plan).deleted()).containsExactly(repo.folder());
    }

    @Test
    void anEvictionInAnotherProcessKeepsJobsAndOtherEvictionsOut() throws Exception {
        CacheRoot cache = new CacheRoot(root, new HandClock());
        Process other = other("eviction");

        assertThat(new Occupancy(root).enter(NAME)).isEmpty();
        assertThat(new Occupancy(root).enter("models--acme--other")).isPresent();
        assertThat(cache.evict(cache.removal(cache.contents().repositories())).skipped())
                .extracting(Evicted.Skipped::reason)
                .containsExactly(Evicted.Reason.IN_USE);

        other.destroyForcibly();
        await().until(() -> new Occupancy(root).enter(NAME).isPresent());
    }

    private Process other(String what) throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJob.class.getName(),
                        root.toString(),
                        NAME,
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = other.inputReader();
        assertThat(said.readLine()).isEqualTo("in");
        return other;
    }
}
