package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.RepoFile;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import dev.modelfetch.internal.run.Tasks;
import dev.modelfetch.internal.store.partial.Partial;
import dev.modelfetch.internal.store.partial.Ranges;
import dev.modelfetch.spi.Trust;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills one partial file and proves it: range workers pull pieces from whoever {@link Failover} names, the digest follows
 * the front, and bytes that turn out wrong are thrown away and fetched again. The calling thread is the first worker;
 * more join while the file has pieces and its source has permits.
 *
 * <p>Knows neither the job nor the store it works for.
 */
final class Fill {

    private final Run run;
    private final RepoFile file;
    private final Partial partial;
    private final Failover failover;
    private final Throttle throttle;
    private final int connections;
    private final RangeRequest ranges;
    private final Meter meter;
    private final LiveFile live;
    private volatile @Nullable RangeWorkers workers;
    private volatile @Nullable FrontierHash hash;
    /** What an earlier run has left, without what of it was thrown away. */
    private final Ranges kept;

    private @Nullable String confirmedBy;

    /**
     * @param connections for a file that is worth more than one
     * @param live how others read it meanwhile
     */
    Fill(
            Run run,
            RepoFile file,
            Partial partial,
            Failover failover,
            Throttle throttle,
            Meter meter,
            int connections,
            LiveFile live) {
        this.live = live;
        this.run = run;
        this.file = file;
        this.partial = partial;
        this.failover = failover;
        this.throttle = throttle;
        this.connections = connections;
        this.ranges = new RangeRequest(run.cancellation(), run.nanos());
        this.kept = partial.ranges();
        this.meter = meter;
    }

    /**
     * Returns when every byte is there and the digest is the expected one.
     *
     * @throws FetchException if no source can deliver it, or none delivers the right bytes
     * @throws IOException if the disk cannot take it
     */
    Content fill() throws IOException, InterruptedException {
        while (true) {
            Content content = pullAll();
            if (content.satisfies(file)) {
                live.verified();
                run.events().emit(at -> new FetchEvent.Verified(at, file.path(), true, ""));
                return content;
            }
            reject(content);
        }
    }

    /** Time goes by: what it brings, whether it needs help, and how far the digest is where it lags behind. */
    void beat() {
        meter.beat();
        RangeWorkers now = workers;
        if (now != null) {
            now.hurry();
        }
        FrontierHash digest = hash;
        if (digest != null && digest.lag() > Limits.HASH_LAG) {
            long hashed = digest.hashed();
            run.events().emit(at -> new FetchEvent.Hashing(at, file.path(), hashed, file.size()));
        }
    }

    /** Who has sent what is there, in this run or an earlier one; who has said so where that is nothing. */
    List<String> contributors() {
        String said = confirmedBy;
        return said == null ? List.copyOf(partial.ranges().contributors()) : List.of(said);
    }

    /** Of the bytes that are there in the end, those that came over the network now. */
    long fetched() {
        return partial.size() - kept.total();
    }

    /** One round: all missing ranges, while the digest follows. */
    private Content pullAll() throws IOException, InterruptedException {
        Segments segments = new Segments(partial.ranges().missing(file.size()), run.nanos(), live.demand());
        FrontierHash digest = new FrontierHash(partial, file.size(), Digests.hasher(file), live::advanced);
        OnlySender sender = new OnlySender(run, file, failover);
        Exchange exchange = new Exchange(
                run, ranges, throttle, new FileSink(partial, segments, digest, failover, meter, sender, live));
        hash = digest;
        live.begin(partial, segments, digest);
        Optional<Future<Content>> beside =
                file.size() > Limits.HASH_BESIDE ? Optional.of(run.pool().submit(digest::follow)) : Optional.empty();
        try (RangeWorkers round = new RangeWorkers(run, file, failover, segments, exchange, sender, connections)) {
            workers = round;
            if (file.size() == 0 && file.digest().isEmpty()) {
                confirmedBy = round.confirmEmpty();
            } else {
                round.work();
            }
            partial.flush();
            return beside.isPresent() ? Tasks.join(beside.get()) : digest.follow();
        } finally {
            workers = null;
            digest.stop();
        }
    }

    /** The bytes are wrong: forget what the least trusted contributor sent, or everything if that leaves no doubt. */
    private void reject(Content content) throws IOException, InterruptedException {
        String difference = difference(content);
        List<String> contributors = new ArrayList<>(partial.ranges().contributors());
        if (contributors.isEmpty()) {
            throw contradiction(difference);
        }
        contributors.sort(Comparator.comparing((String id) -> trustOf(id)).reversed());
        String suspect = contributors.get(0);
        String detail = "the bytes from " + String.join(" and ", contributors) + difference;
        boolean alone = contributors.size() == 1;
        boolean anybodyLeft = failover.blame(suspect, alone, detail);
        drop(suspect, alone);
        tell(detail + (anybodyLeft ? "; what " + suspect + " sent is fetched again" : ""));
        if (!anybodyLeft) {
            throw corrupt(detail);
        }
    }

    private void drop(String suspect, boolean alone) throws IOException {
        live.rejected(partial.ranges().all().stream()
                .filter(range -> alone || range.source().equals(suspect))
                .toList());
        if (alone) {
            partial.dropAll();
            kept.clear();
        } else {
            partial.drop(suspect);
            kept.drop(suspect);
        }
        meter.restart(partial.ranges().total());
    }

    /** Nobody has sent anything, for there is nothing to send: no other source could do better with that row. */
    private FetchException contradiction(String difference) {
        String listings = failover.all().stream()
                .map(offer -> offer.manifest().source())
                .distinct()
                .collect(Collectors.joining(" and "));
        String detail = "the listing of " + listings + " contradicts itself: no bytes at all" + difference;
        tell(detail);
        return corrupt(detail);
    }

    private String difference(Content content) {
        String expected = file.digest().map(Object::toString).orElse("?");
        String actual = file.sha256() != null || content.gitBlob() == null
                ? content.sha256().toString()
                : content.gitBlob().toString();
        return " have " + actual + ", the listing says " + expected;
    }

    private void tell(String mismatch) {
        run.events().emit(at -> new FetchEvent.Verified(at, file.path(), false, mismatch));
    }

    private FetchException corrupt(String detail) {
        return new FetchException.Corrupt(
                Message.of("wrong-bytes", "{0}: {1}.", file.path(), new Phrase.Clause(detail)),
                Hint.of(
                        "wrong-bytes",
                        "Nothing was stored. Try another source; if it persists, report it to this one."));
    }

    /** Contributors of earlier runs may be unknown to this one; they are trusted least. */
    private Trust trustOf(String id) {
        return failover.all().stream()
                .map(Offer::source)
                .filter(source -> source.id().equals(id))
                .map(source -> source.profile().trust())
                .findFirst()
                .orElse(Trust.MIRROR);
    }
}
