package dev.modelfetch.internal.transfer;

import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Run;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bytes of one opened body on their way to their position in the file. One thread. */
final class Delivery {

    private final Run run;
    private final Place place;
    private final Opened opened;
    private final FileSink sink;
    private final Throttle throttle;
    private final byte[] buffer;

    private final long beganNanos;
    private long brought;
    /** Position in the file of the next byte of the body. */
    private long at;

    private long floorSinceNanos;
    private long floorBytes;
    private int belowFloor;

    /** @param wanted how much of the body is likely to be read */
    Delivery(Run run, Place place, Opened opened, FileSink sink, Throttle throttle, long wanted) {
        this.run = run;
        this.place = place;
        this.opened = opened;
        this.sink = sink;
        this.throttle = throttle;
        this.buffer = new byte[throttle.slice((int) Math.min(Limits.BUFFER, Math.max(1, wanted)))];
        this.at = opened.start();
        this.beganNanos = run.nanos().getAsLong();
        this.floorSinceNanos = beganNanos;
    }

    /** Fills the piece, or as much of it as nobody else takes over; reads on from where the last one ended. */
    void fill(Segments.Claim claim) throws Fault, IOException, InterruptedException {
        skipTo(sink.segments().position(claim));
        long wanted = sink.segments().end(claim) - at;
        while (wanted > 0) {
            Gathered gathered = gather((int) Math.min(buffer.length, wanted));
            int count = gathered.count();
            throttle.take(count);
            wanted = gathered.fault() == null
                    ? sink.take(place, claim, buffer, count)
                    : sink.keep(place, claim, buffer, count);
            at += count;
            brought += count;
            if (gathered.fault() != null) {
                throw gathered.fault();
            }
            checkFloor(count);
        }
    }

    /** A server that ignores ranges starts at 0; what is in front of the piece is there already or another's. */
    private void skipTo(long position) throws Fault, InterruptedException {
        while (at < position) {
            int count = opened.read(buffer, 0, (int) Math.min(buffer.length, position - at));
            throttle.take(count);
            at += count;
        }
    }

    /** @param fault what ended it, after the bytes counted here; null if nothing did */
    private record Gathered(int count, @Nullable Fault fault) {}

    /**
     * The transport hands out eight kilobytes at a time; on a fast line a system call and five locks are better spent on
     * more. On any other every byte is written as it comes.
     */
    private Gathered gather(int most) throws Fault, InterruptedException {
        boolean fast = isFast();
        int count = opened.read(buffer, 0, most);
        try {
            while (fast && count < most && !run.cancellation().isCancelled()) {
                count += opened.read(buffer, count, most - count);
            }
            return new Gathered(count, null);
        } catch (Fault e) {
            return new Gathered(count, e);
        }
    }

    private boolean isFast() {
        double seconds = (run.nanos().getAsLong() - beganNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        return brought >= Limits.FAST_BYTES && brought / seconds >= Limits.FAST_BYTES;
    }

    /**
     * Ends a connection that crawls while somebody else has the file (mirrors.md 5.9, step 5): beside what others bring,
     * soon; else, below a floor, later.
     */
    private void checkFloor(int count) throws Fault {
        floorBytes += count;
        long now = run.nanos().getAsLong();
        if (now - floorSinceNanos < Limits.CRAWL_TIME.toNanos()) {
            return;
        }
        double perSecond = floorBytes / ((now - floorSinceNanos) / (double) TimeUnit.SECONDS.toNanos(1));
        double elsewhere = sink.failover().bestRateElsewhere(place);
        belowFloor = perSecond < Limits.FLOOR ? belowFloor + 1 : 0;
        boolean crawls = perSecond < elsewhere * Limits.CRAWLING
                || (belowFloor * Limits.CRAWL_TIME.toNanos() >= Limits.FLOOR_TIME.toNanos()
                        && sink.failover().hasAlternative(place));
        if (crawls && !throttle.isSet()) {
            String words = Math.round(perSecond / 1000) + " kB/s a connection"
                    + (elsewhere > 0 ? ", others " + Math.round(elsewhere / 1000) + " kB/s" : "");
            throw Fault.of(
                    Fault.Kind.CRAWL,
                    new Verdict.Down("only " + words + " (" + opened.host() + ")", true),
                    opened.host());
        }
        floorSinceNanos = now;
        floorBytes = 0;
    }
}
