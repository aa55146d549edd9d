package dev.modelfetch.internal.store;

import static dev.modelfetch.internal.testing.Sample.COMMIT;
import static dev.modelfetch.internal.testing.Sample.CONFIG;
import static dev.modelfetch.internal.testing.Sample.CONFIG_SHA;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_BYTES;
import static dev.modelfetch.internal.testing.Sample.WEIGHTS_SHA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Manifest;
import dev.modelfetch.internal.file.AtomicFile;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed processes leave behind, and when it goes. */
class LeftoversTest {

    @TempDir
    Path root;

    private HubCache cache;
    private SnapshotStore store;

    @BeforeEach
    void open() {
        cache = Sample.hubCache(root);
        store = cache.at(COMMIT);
    }

    @Test
    void oldLeftoversOfKilledProcessesAreSweptAndPartialsStay() throws IOException {
        Path own = Files.createDirectories(cache.books().own());
        FileTime old = FileTime.from(Instant.parse("2026-04-01T00:00:00Z"));
        FileTime recent = FileTime.from(Instant.parse("2026-05-04T00:00:00Z"));
        for (String name : List.of("tmp-0a0a0a0a", CONFIG_SHA + ".0a0a0a0a.part", CONFIG_SHA + ".part")) {
            Files.setLastModifiedTime(Files.createFile(own.resolve(name)), old);
        }
        Files.setLastModifiedTime(Files.createFile(own.resolve("tmp-0b0b0b0b")), recent);
        store.prepare(Sample.manifest(CONFIG));

        assertThat(own.resolve("tmp-0a0a0a0a")).doesNotExist();
        assertThat(own.resolve(CONFIG_SHA + ".0a0a0a0a.part")).doesNotExist();
        assertThat(own.resolve(CONFIG_SHA + ".part")).exists();
        assertThat(own.resolve("tmp-0b0b0b0b")).exists();
    }

    @Test
    void leftoversFromAClockFarAheadAreSweptToo() throws IOException {
        Path own = Files.createDirectories(cache.books().own());
        FileTime tomorrow = FileTime.from(Instant.parse("2026-05-05T10:00:00Z"));
        FileTime farAhead = FileTime.from(Instant.parse("2038-01-19T03:14:08Z"));
        Files.setLastModifiedTime(Files.createFile(own.resolve("tmp-0a0a0a0a")), farAhead);
        Files.setLastModifiedTime(Files.createFile(own.resolve("tmp-0b0b0b0b")), tomorrow);
        Files.setLastModifiedTime(Files.createFile(own.resolve(CONFIG_SHA + ".part")), farAhead);
        store.prepare(Sample.manifest(CONFIG));

        assertThat(own.resolve("tmp-0a0a0a0a")).doesNotExist();
        assertThat(own.resolve("tmp-0b0b0b0b")).exists();
        assertThat(own.resolve(CONFIG_SHA + ".part")).exists();
    }

    /** Killed between giving the file its name and removing its journal. */
    @Test
    void aJournalWithoutDataIsSweptUnlessSomebodyHasTheFileOpen() throws IOException {
        Path own = Files.createDirectories(cache.books().own());
        // So small a file is on the disk only when an earlier run had to leave it.
        try (Partial earlier = store.partial(WEIGHTS).orElseThrow()) {
            earlier.write(0, ByteBuffer.wrap(WEIGHTS_BYTES, 0, 1), "hub");
        }
        for (String name : List.of(WEIGHTS_SHA + ".journal.new", CONFIG_SHA + ".journal")) {
            Files.createFile(own.resolve(name));
        }
        try (Partial open = store.partial(WEIGHTS).orElseThrow()) {
            // As it is for a moment when a file is begun.
            Files.delete(own.resolve(WEIGHTS_SHA + ".part"));
            store.prepare(Sample.manifest(CONFIG));

            assertThat(own.resolve(WEIGHTS_SHA + ".journal")).exists();
            assertThat(own.resolve(CONFIG_SHA + ".journal")).doesNotExist();
            open.write(0, ByteBuffer.wrap(WEIGHTS_BYTES), "mirror");
        }
        store.prepare(Sample.manifest(CONFIG));

        try (Stream<Path> names = Files.list(own)) {
            assertThat(names.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("locks", "listings");
        }
    }

    @Test
    void sweepingDoesNotTripOverNamesThatComeAndGo() throws Exception {
        Path own = Files.createDirectories(cache.books().own());
        Manifest manifest = Sample.manifest(CONFIG);
        // By the time of the files: what the disk stamps must not look like another year.
        SnapshotStore now = new HubCache(root, Sample.REPO, true, InstantSource.system()).at(COMMIT);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> writes = other.submit(() -> {
                for (int i = 0; i < 3_000; i++) {
                    AtomicFile.write(own, own.resolve("text"), "text " + i);
                }
                return null;
            });
            while (!writes.isDone()) {
                now.prepare(manifest);
            }
            writes.get();
        } finally {
            other.shutdownNow();
        }
        assertThat(own.resolve("text")).hasContent("text 2999");
    }
}
