package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A request for a piece and the bytes that answer it; one for all workers of a file. Thread-safe. */
final class Exchange {

    private final Run run;
    private final RangeRequest ranges;
    private final Throttle throttle;
    private final FileSink sink;
    private final Segments segments;
    private final Failover failover;
    private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Only ever raised. */
    private volatile boolean wholeOnly;

    Exchange(Run run, RangeRequest ranges, Throttle throttle, FileSink sink) {
        this.run = run;
        this.ranges = ranges;
        this.throttle = throttle;
        this.sink = sink;
        this.segments = sink.segments();
        this.failover = sink.failover();
    }

    /** Whether the source sends whole files only: one worker reads it from the start, others would read it all again. */
    boolean isWholeOnly() {
        return wholeOnly;
    }

    /**
     * Fills the piece, as far as it gets, from there; a body that goes on behind it fills what is missing there as well.
     *
     * @param first whether the first worker of the file asks, which reads a whole file even if it has to skip some of it
     */
    void fill(Place place, Segments.Claim claim, boolean first) throws Fault, IOException, InterruptedException {
        try {
            fillFrom(place, claim, first);
        } catch (Fault e) {
            throw place.faultOf(e);
        }
    }

    /** Asks for a file that is listed without bytes and without a digest: the answer alone can tell whether it has any. */
    void confirmEmpty(Place place) throws Fault, InterruptedException {
        Offer offer = place.offer();
        List<Runnable> cuts = new ArrayList<>();
        Opened opened = null;
        try {
            opened = ranges.open(offer, 0, 0, silence(place), cut -> {
                cuts.add(cut);
                place.begin(cut);
                begin(cut);
            });
            failover.opened(place, opened);
            ranges.checkEmpty(offer, opened);
            failover.delivered(place, 0);
        } catch (Fault e) {
            throw place.faultOf(e);
        } finally {
            end(place, cuts, opened);
        }
    }

    private void fillFrom(Place place, Segments.Claim claim, boolean first)
            throws Fault, IOException, InterruptedException {
        Offer offer = place.offer();
        if (ranges.sendsWholeOnly(offer) && !(wholeOnly && first)) {
            // Others may still be asking for parts, or be about to; once they have ended, the first begins alone.
            wholeOnly = true;
            return;
        }
        long from = segments.position(claim);
        long to = segments.end(claim);
        List<Runnable> cuts = new ArrayList<>();
        Opened opened = null;
        try {
            opened = ranges.open(offer, from, to, silence(place), cut -> {
                cuts.add(cut);
                place.begin(cut);
                begin(cut);
                segments.onTaken(claim, cut);
            });
            failover.opened(place, opened);
            if (opened.start() < from || opened.end() > to) {
                wholeOnly = true;
            }
            if (first || opened.start() == from) {
                Delivery delivery = new Delivery(run, place, opened, sink, throttle, to - from);
                delivery.fill(claim);
                fillBehind(delivery, opened, to);
            }
        } finally {
            end(place, cuts, opened);
        }
    }

    private void end(Place place, List<Runnable> cuts, @Nullable Opened opened) {
        cuts.forEach(underWay::remove);
        cuts.forEach(place::end);
        if (opened != null) {
            opened.close();
        }
    }

    /** With somebody else at hand, a trial is short at first and longer the next time: some hosts need long to begin. */
    private @Nullable Duration silence(Place place) {
        if (!failover.hasAlternative(place)) {
            return place.isTrial() && place.isOfOneThatDelivered()
                    ? failover.trialTime(place, Limits.SILENT_ALONE)
                    : null;
        }
        Duration firstByte = place.offer().source().profile().firstByte();
        Duration trial = failover.trialTime(place, Limits.FIRST_TRIAL);
        return place.isTrial() && trial.compareTo(firstByte) < 0 ? trial : firstByte;
    }

    /** From its first moment, a call ends when all of them are to end. */
    private void begin(Runnable cut) {
        underWay.add(cut);
        if (over) {
            cut.run();
        }
    }

    /** Whatever is missing further on in the body need not be asked for. */
    private void fillBehind(Delivery delivery, Opened opened, long position)
            throws Fault, IOException, InterruptedException {
        for (long at = position; at < opened.end(); ) {
            Optional<Segments.Claim> next = segments.claimBehind(at);
            if (next.isEmpty()) {
                return;
            }
            Segments.Claim claim = next.get();
            at = segments.end(claim);
            try {
                segments.onTaken(claim, opened::cut);
                delivery.fill(claim);
            } finally {
                segments.release(claim);
            }
        }
    }

    /** Ends all that are under way. */
    void cut() {
        over = true;
        underWay.forEach(Runnable::run);
    }
}
