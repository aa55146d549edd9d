package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Ranges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Gives out the missing ranges of one file, front first so that the digest can follow, in pieces that shrink towards the
 * end and with a worker's speed; when nothing is left to give, splits the piece that would be finished last. Guarded by
 * itself.
 */
final class Segments {

    /** A range one worker is filling. Its end may move down when another worker takes over the rest. */
    static final class Claim {
        private final long start;
        private final long sinceNanos;
        private final double expected;
        private long position;
        private long end;
        private Runnable taken = () -> {};

        private Claim(long position, long end, long sinceNanos, double expected) {
            this.start = position;
            this.position = position;
            this.end = end;
            this.sinceNanos = sinceNanos;
            this.expected = expected > 0 ? expected : Double.MAX_VALUE;
        }

        private long left() {
            return end - position;
        }

        /** Bytes per second since it was given out; in the beginning, what was expected of it. */
        private double rate(long nowNanos) {
            double seconds = (nowNanos - sinceNanos) / 1e9;
            double seen = (position - start + 1) / Math.max(1e-3, seconds);
            return seconds < Limits.FAIR_CHANCE_SECONDS ? Math.max(seen, expected) : seen;
        }
    }

    private final Deque<Ranges.Gap> unclaimed = new ArrayDeque<>();
    private final List<Claim> active = new ArrayList<>();

    private final LongSupplier nanos;

    Segments(List<Ranges.Gap> missing) {
        this(missing, System::nanoTime);
    }

    Segments(List<Ranges.Gap> missing, LongSupplier nanos) {
        unclaimed.addAll(missing);
        this.nanos = nanos;
    }

    /** The next piece for a worker of unknown speed. */
    synchronized Optional<Claim> claim(int workers) {
        return claim(workers, 0);
    }

    /**
     * The next piece.
     *
     * @param workers how many share the file
     * @param rate what the asking worker is likely to read, in bytes per second; 0 when unknown
     * @return empty when there is nothing left worth giving out
     */
    synchronized Optional<Claim> claim(int workers, double rate) {
        Ranges.Gap gap = unclaimed.poll();
        if (gap == null) {
            return split(rate);
        }
        long left = gap.end() - gap.start();
        long rest = unclaimed.stream()
                        .mapToLong(other -> other.end() - other.start())
                        .sum()
                + left;
        long fair = Math.max(Limits.SMALLEST_PIECE, Math.min(Limits.LARGEST_PIECE, rest / (2L * workers)));
        if (rate > 0) {
            long most = (long) (rate * Limits.PIECE_SECONDS);
            long least = (long) (rate * Limits.SHORT_PIECE_SECONDS);
            fair = Math.max(Limits.SMALLEST_SPLIT, Math.min(Math.max(fair, least), most));
        }
        // A lone worker never asks twice, and a remainder hardly worth a request of its own goes along.
        long length = workers == 1 || left < fair + fair / 4 ? left : fair;
        if (length < left) {
            unclaimed.push(new Ranges.Gap(gap.start() + length, gap.end()));
        }
        return Optional.of(started(gap.start(), gap.start() + length, rate));
    }

    /** Takes the rest of the piece that would be finished last, in proportion to the two workers' speeds. */
    private Optional<Claim> split(double rate) {
        long now = nanos.getAsLong();
        Claim last = null;
        for (Claim claim : active) {
            if (last == null || claim.left() / claim.rate(now) > last.left() / last.rate(now)) {
                last = claim;
            }
        }
        if (last == null || last.left() / last.rate(now) < Limits.WORTH_SPLITTING_SECONDS) {
            return Optional.empty();
        }
        double theirs = last.rate(now);
        double mine = rate > 0 ? rate : theirs;
        long kept = last.left() - (long) (last.left() * (mine / (mine + theirs)));
        Claim victim = last;
        if (last.left() - kept < Limits.SMALLEST_SPLIT && kept >= Limits.SMALLEST_SPLIT) {
            return Optional.empty();
        }
        if (kept < Limits.SMALLEST_SPLIT) {
            // A crawling or silent worker loses everything, and its connection is cut.
            kept = 0;
            victim.taken.run();
        }
        long from = victim.position + kept;
        long end = victim.end;
        victim.end = from;
        return Optional.of(started(from, end, rate));
    }

    private Claim started(long from, long to, double expected) {
        Claim claim = new Claim(from, to, nanos.getAsLong(), expected);
        active.add(claim);
        return claim;
    }

    /** What to do when somebody takes all that is left of the piece; done at once if that has happened. */
    synchronized void onTaken(Claim claim, Runnable hook) {
        claim.taken = hook;
        if (isTaken(claim)) {
            hook.run();
        }
    }

    /** Whether nothing is left of it to fill. */
    synchronized boolean isTaken(Claim claim) {
        return claim.left() <= 0;
    }

    synchronized long position(Claim claim) {
        return claim.position;
    }

    synchronized long end(Claim claim) {
        return claim.end;
    }

    /**
     * Bytes were written at the claim's position.
     *
     * @return how many are still wanted of it
     */
    synchronized long advance(Claim claim, long bytes) {
        claim.position = Math.min(claim.end, claim.position + bytes);
        return claim.left();
    }

    /** The worker is done with the claim; what it has not filled goes back to the front. */
    synchronized void release(Claim claim) {
        active.remove(claim);
        if (claim.left() > 0) {
            unclaimed.push(new Ranges.Gap(claim.position, claim.end));
        }
        notifyAll();
    }

    /** Whether nothing is left to fill. */
    synchronized boolean isComplete() {
        return unclaimed.isEmpty() && active.isEmpty();
    }

    /** Waits until something can be claimed again, or a while; false when the file is complete. */
    synchronized boolean awaitMore(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (unclaimed.isEmpty() && !active.isEmpty() && System.nanoTime() < until) {
            TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
        }
        return !isComplete();
    }
}
