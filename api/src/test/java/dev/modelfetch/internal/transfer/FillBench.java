package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.Patiences;
import dev.modelfetch.internal.testing.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts, their sources, and a file to be filled from them. */
abstract class FillBench {

    static final byte[] CONTENT = Bytes.random(1_000, 1);

    static final RepoFile FILE = Bytes.large("model.bin", CONTENT);

    static final byte[] LARGE = Bytes.random(20 << 20, 2);

    static final RepoFile LARGE_FILE = Bytes.large("large.bin", LARGE);

    final FileHost mirrorHost = new FileHost();

    final FileHost originHost = new FileHost();

    final FakeSource mirror = FakeSource.mirror(mirrorHost.url());

    final FakeSource origin = FakeSource.huggingface(originHost.url());

    final Recorder recorder = new Recorder();

    final Cancellation job = new Cancellation();

    final CountDownLatch never = new CountDownLatch(1);

    int connections = 4;

    long fetched;

    List<String> contributors = List.of();

    @TempDir
    Path cache;

    @AfterEach
    void close() {
        never.countDown();
        mirrorHost.close();
        originHost.close();
    }

    byte[] fill(RepoFile file, FakeSource... sources) throws IOException, InterruptedException {
        return fill(file, offers(file, sources));
    }

    /** Fills it as a job would, and reads what is there then. */
    byte[] fill(RepoFile file, List<Offer> offers) throws IOException, InterruptedException {
        try (Run run = run();
                Partial partial = store().partial(file).orElseThrow()) {
            Fill fill = transfer(run, file, partial, offers);
            Content content = fill.fill();
            fetched = fill.fetched();
            contributors = fill.contributors();
            assertThat(partial.isComplete()).isTrue();
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining()) {
                partial.read(all.position(), all);
            }
            assertThat(content.sha256()).isEqualTo(Bytes.sha256(all.array()));
            return all.array();
        }
    }

    Fill transfer(Run run, RepoFile file, Partial partial, List<Offer> offers) {
        Failover failover =
                new Failover(file, new ConnectionBudget(8, true), any -> offers, () -> {}, run.patience(), run.nanos());
        Meter meter =
                new Meter(run.events(), run.nanos(), file, partial.ranges().total(), new Tally(file.size()));
        return new Fill(run, file, partial, failover, new Throttle(0), meter, connections, new LiveFile(file));
    }

    Run run() {
        return Run.within(job, recorder.events(), Patiences.none());
    }

    static List<Offer> offers(RepoFile file, FakeSource... sources) {
        List<Offer> offers = new ArrayList<>();
        for (FakeSource source : sources) {
            offers.add(new Offer(source.source(), source.manifest(file), file));
        }
        return offers;
    }

    SnapshotStore store() {
        return new HubCache(cache, FakeSource.REPO, true, InstantSource.system()).at(FakeSource.COMMIT);
    }

    String verified() {
        return String.join(
                " ",
                recorder.all(FetchEvent.Verified.class).stream()
                        .map(event -> event.ok() ? "ok" : "wrong")
                        .toList());
    }

    static byte[] allFlipped(byte[] bytes) {
        byte[] wrong = bytes.clone();
        for (int i = 0; i < wrong.length; i += 1_000) {
            wrong[i] ^= 1;
        }
        return wrong;
    }
}
