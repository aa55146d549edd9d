package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Fills one partial file and proves it: range workers pull pieces from whoever {@link Failover} names, the digest follows
 * the front, and bytes that turn out wrong are thrown away and fetched again. The calling thread is the first worker;
 * more join while the file has pieces and its source has permits.
 */
final class Fill {

    private final Run run;
    private final RepoFile file;
    private final Partial partial;
    private final Failover supply;
    private final Meter meter;
    private final Filling filling;

    /** @param target the file's final place, for messages */
    Fill(Run run, RepoFile file, Path target, Partial partial, Failover supply, Throttle throttle) {
        this.run = run;
        this.file = file;
        this.partial = partial;
        this.supply = supply;
        this.meter = new Meter(run.events(), file, partial.ranges().total());
        RangeRequest ranges = new RangeRequest(run.cancellation());
        this.filling = new Filling(run, file, target, partial, supply, ranges, throttle, meter);
    }

    /**
     * Returns when every byte is there and the digest is the expected one.
     *
     * @throws FetchException if no source can deliver it, or none delivers the right bytes
     */
    Content fill() throws IOException, InterruptedException {
        while (true) {
            Content content = pullAll();
            if (content.satisfies(file)) {
                run.events().emit(at -> new FetchEvent.Verified(at, file.path(), true, ""));
                return content;
            }
            reject(content);
        }
    }

    /** Bytes received so far, including those thrown away. */
    long received() {
        return meter.received();
    }

    /** One round: all missing ranges, while the digest follows. */
    private Content pullAll() throws IOException, InterruptedException {
        Segments segments = new Segments(partial.ranges().missing(file.size()));
        FrontierHash hash = new FrontierHash(partial, file.size(), Digests.hasher(file));
        Optional<Future<Content>> beside =
                file.size() > Limits.HASH_BESIDE ? Optional.of(run.pool().submit(hash::follow)) : Optional.empty();
        try (RangeWorkers crew = new RangeWorkers(filling, segments, hash)) {
            crew.work();
            partial.flush();
            return beside.isPresent() ? beside.get().get() : hash.follow();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("hashing " + file.path() + " failed", e.getCause());
        } finally {
            hash.stop();
        }
    }

    /** The bytes are wrong: forget what the least trusted contributor sent, or everything if that leaves no doubt. */
    private void reject(Content content) throws IOException {
        String expected = file.digest().map(Object::toString).orElse("?");
        String actual = file.sha256() != null || content.gitBlob() == null
                ? content.sha256().toString()
                : content.gitBlob().toString();
        List<String> contributors = new ArrayList<>(partial.ranges().contributors());
        contributors.sort(Comparator.comparing((String id) -> trustOf(id)).reversed());
        String suspect = contributors.get(0);
        String detail = "the bytes from " + String.join(" and ", contributors) + " have " + actual
                + ", the listing says " + expected;
        boolean alone = contributors.size() == 1;
        boolean anybodyLeft = supply.blame(suspect, alone, detail);
        if (alone) {
            partial.dropAll();
        } else {
            partial.drop(suspect);
        }
        meter.restart(partial.ranges().total());
        run.events()
                .emit(at -> new FetchEvent.Verified(
                        at,
                        file.path(),
                        false,
                        detail + (anybodyLeft ? "; what " + suspect + " sent is fetched again" : "")));
        if (!anybodyLeft) {
            throw new FetchException.Corrupt(
                    file.path() + ": " + detail + ".",
                    "Nothing was stored. Try another --source; if it persists, report it to the hub.");
        }
    }

    /** Contributors of earlier runs may be unknown to this one; they are trusted least. */
    private Trust trustOf(String id) {
        return supply.hub(id).map(hub -> hub.profile().trust()).orElse(Trust.MIRROR);
    }
}
