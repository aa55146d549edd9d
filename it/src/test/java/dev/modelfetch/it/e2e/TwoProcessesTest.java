package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Snapshot;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two people on one machine, one cache, one model. */
class TwoProcessesTest {

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @Test
    void bothSucceedAndTheBytesTravelOnce() throws Exception {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        // Over one connection each: when one takes over another's piece, bytes on their way to that other are lost.
        Running first =
                lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--connections", "1");
        first.awaitBytes(Samples.BIG, 1 << 20);
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf", "--connections", "1");

        Path path = first.end().path();
        assertThat(second.end().path()).isEqualTo(path);
        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isEqualTo(Samples.WEIGHTS.size());
    }

    @Test
    void theOtherGoesOnWhenOneIsKilled() throws Exception {
        // The second has to be there before the first is done, and must not take as long.
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(4 << 20));
        Running first =
                lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--connections", "1");
        first.awaitBytes(Samples.BIG, 3 << 20);
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf");
        awaitTwoListings();
        lab.hubs().huggingFace().dataFaults().clear();
        first.signal("KILL").end().exits(137);

        assertThat(Contents.of(second.end().path())).isEqualTo(Contents.of(Samples.LARGE));
    }

    /** As in a container that shares the cache: it has process numbers of its own, and the same kernel. */
    @Test
    void aProcessInAnotherNamespaceIsSeenToo() throws Exception {
        String[] container = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};
        Assumptions.assumeTrue(works(container), "namespaces need root on Linux");
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(4 << 20));
        Running inside = lab.program()
                .under(container)
                .start(Samples.LARGE.id(), "--source", "hf", "--progress", "json", "--connections", "1");
        inside.awaitBytes(Samples.BIG, 3 << 20);
        Running outside = lab.program().start(Samples.LARGE.id(), "--source", "hf", "--connections", "1");
        awaitTwoListings();
        lab.hubs().huggingFace().dataFaults().clear();
        inside.signal("KILL").end().exits(137);

        assertThat(Contents.of(outside.end().path())).isEqualTo(Contents.of(Samples.LARGE));
        // Its last mebibyte, and what was on the way.
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isLessThan(Samples.WEIGHTS.size() + (2 << 20));
    }

    /** A file system that knows no locks: nobody knows of the other, and the bytes travel twice. */
    @Test
    void withoutLocksBothSucceedAllTheSame() throws Exception {
        Path own = withoutLocks();
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(24 << 20));
        Running first = lab.program().start(Samples.LARGE.id(), "--source", "hf");
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf");

        Path path = first.end().path();
        assertThat(second.end().path()).isEqualTo(path);
        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(unfinished(own)).isEmpty();
    }

    @Test
    void withoutLocksAKillCostsWhatThatProcessHadAndAWeekLaterItIsSwept() throws Exception {
        Path own = withoutLocks();
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        lab.program()
                .start(Samples.LARGE.id(), "--source", "hf", "--progress", "json")
                .awaitBytes(Samples.BIG, 1 << 20)
                .signal("KILL")
                .end()
                .exits(137);
        lab.hubs().huggingFace().dataFaults().clear();
        lab.ledger().clear();

        Snapshot whole = lab.fetch(
                Samples.LARGE.id(),
                request -> Lab.from("huggingface").apply(request).connectionsPerFile(1));
        assertThat(Contents.of(whole.path())).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(lab.ledger().bytesSent(Samples.BIG)).isEqualTo(Samples.WEIGHTS.size());
        assertThat(unfinished(own)).allMatch(name -> name.matches("[0-9a-f]{64}\\.[0-9a-f]{8}\\.(part|journal)"));
        for (String name : unfinished(own)) {
            Files.setLastModifiedTime(
                    own.resolve(name), FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        }
        lab.fetch(Samples.LARGE.id(), "huggingface");
        assertThat(unfinished(own)).isEmpty();
    }

    /** A network disk that grants every lock to everybody, as one whose lock file has been replaced does. */
    @Test
    void whereLocksLieBothSucceedAllTheSame() throws Exception {
        Path own = lab.cache().resolve("models--acme-lab--large/.modelfetch");
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(12 << 20));
        Running first = lab.program().start(Samples.LARGE.id(), "--source", "hf", "--progress", "json");
        first.awaitBytes(Samples.BIG, 6 << 20);
        Files.delete(own.resolve("locks"));
        Running second = lab.program().start(Samples.LARGE.id(), "--source", "hf");

        Path path = first.end().path();
        assertThat(second.end().path()).isEqualTo(path);
        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(unfinished(own)).isEmpty();
    }

    private void awaitTwoListings() {
        Awaitility.await()
                .until(() ->
                        lab.ledger().requests("/api/models/acme-lab/large/tree").size() > 1);
    }

    /** A folder where the lock file should be cannot be opened, as little as a lock file where there are no locks. */
    private Path withoutLocks() throws IOException {
        Path own = lab.cache().resolve("models--acme-lab--large/.modelfetch");
        Files.createDirectories(own.resolve("locks"));
        return own;
    }

    private static List<String> unfinished(Path own) throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.contains(".part") || name.contains(".journal"))
                    .toList();
        }
    }

    private static boolean works(String... launcher) throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(List.of(launcher));
            command.add("true");
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
