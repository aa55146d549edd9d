package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Ranges;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
        /** Bytes that are being written behind the position. */
        private long writing;

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

        /** From here on it can still be given to another. */
        private long front() {
            return position + writing;
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

    /** The next piece, whatever its size. */
    Optional<Claim> claim(int workers, double rate) {
        return claim(workers, rate, Long.MAX_VALUE);
    }

    /**
     * The next piece.
     *
     * @param workers how many share the file
     * @param rate what the asking worker is likely to read, in bytes per second; 0 when unknown
     * @param most bytes it may be trusted with
     * @return empty when there is nothing left worth giving out
     */
    Optional<Claim> claim(int workers, double rate, long most) {
        // Cutting a connection is no business for a monitor that every delivering worker needs.
        List<Runnable> cuts = new ArrayList<>();
        Optional<Claim> given = claim(workers, rate, most, cuts);
        cuts.forEach(Runnable::run);
        return given;
    }

    private synchronized Optional<Claim> claim(int workers, double rate, long trusted, List<Runnable> cuts) {
        Ranges.Gap gap = unclaimed.poll();
        if (gap == null) {
            return split(rate, cuts);
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
        long usual = workers == 1 || left < fair + fair / 4 ? left : fair;
        long length = Math.min(usual, trusted);
        if (length < left) {
            unclaimed.push(new Ranges.Gap(gap.start() + length, gap.end()));
        }
        return Optional.of(started(gap.start(), gap.start() + length, rate));
    }

    /** For whoever has read the file up to there and goes on reading: the next range that nobody fills. */
    synchronized Optional<Claim> claimBehind(long position) {
        Optional<Ranges.Gap> next = unclaimed.stream()
                .filter(gap -> gap.start() >= position)
                .min(Comparator.comparingLong(Ranges.Gap::start));
        next.ifPresent(unclaimed::remove);
        return next.map(gap -> started(gap.start(), gap.end(), 0));
    }

    /** Takes the rest of the piece that would be finished last, in proportion to the two workers' speeds. */
    private Optional<Claim> split(double rate, List<Runnable> cuts) {
        Optional<Split> worthIt = bestSplit(rate);
        worthIt.filter(Split::takesAll).ifPresent(split -> cuts.add(split.victim.taken));
        return worthIt.map(split -> {
            long end = split.victim.end;
            split.victim.end = split.from;
            return started(split.from, end, rate);
        });
    }

    /** A piece under way, and from where on another worker would fill it. */
    private record Split(Claim victim, long from) {

        /** A crawling or silent worker loses everything, and its connection is cut. */
        boolean takesAll() {
            return from == victim.front();
        }
    }

    private Optional<Split> bestSplit(double rate) {
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
        long free = last.end - last.front();
        double theirs = last.rate(now);
        double mine = rate > 0 ? rate : Math.max(theirs, Limits.FLOOR);
        long kept = free - (long) (free * (mine / (mine + theirs)));
        if (free > 0 && kept < Limits.SMALLEST_SPLIT) {
            // Too little for two. Whoever is no quicker would only lose what is under way, and be robbed in turn.
            return mine > theirs * Limits.CLEARLY_FASTER
                    ? Optional.of(new Split(last, last.front()))
                    : Optional.empty();
        }
        return free - kept < Limits.SMALLEST_SPLIT
                ? Optional.empty()
                : Optional.of(new Split(last, last.front() + kept));
    }

    /** How long the slowest piece under way will take at its present speed; 0 if there is none. */
    synchronized double secondsLeft() {
        long now = nanos.getAsLong();
        return active.stream()
                .mapToDouble(claim -> claim.left() / claim.rate(now))
                .max()
                .orElse(0);
    }

    private Claim started(long from, long to, double expected) {
        Claim claim = new Claim(from, to, nanos.getAsLong(), expected);
        active.add(claim);
        return claim;
    }

    /** What to do when somebody takes all that is left of the piece; done at once if that has happened. */
    void onTaken(Claim claim, Runnable hook) {
        synchronized (this) {
            claim.taken = hook;
        }
        if (isTaken(claim)) {
            hook.run();
        }
    }

    /** Whether nothing is left of it to fill. */
    synchronized boolean isTaken(Claim claim) {
        return claim.end <= claim.front();
    }

    synchronized long position(Claim claim) {
        return claim.position;
    }

    synchronized long end(Claim claim) {
        return claim.end;
    }

    /**
     * Bytes are about to be written at the claim's position. Until then nobody else is given them: what another has
     * filled, and the digest has passed, must not be written again.
     *
     * @return how many of them the claim still covers
     */
    synchronized int reserve(Claim claim, int bytes) {
        claim.writing = Math.min(bytes, claim.left());
        return (int) claim.writing;
    }

    /**
     * Bytes were written at the claim's position.
     *
     * @return how many are still wanted of it
     */
    synchronized long advance(Claim claim, long bytes) {
        claim.position = Math.min(claim.end, claim.position + bytes);
        claim.writing = 0;
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

    /**
     * Waits a while for a range that nobody fills; after that a piece under way may do, if it is worth splitting.
     *
     * @param rate what the asking worker is likely to read, in bytes per second; 0 when unknown
     * @return whether there is a piece for it now
     */
    synchronized boolean awaitPiece(double rate, Duration patience) throws InterruptedException {
        long until = nanos.getAsLong() + patience.toNanos();
        for (long left = patience.toNanos();
                unclaimed.isEmpty() && !active.isEmpty() && left > 0;
                left = until - nanos.getAsLong()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !unclaimed.isEmpty() || bestSplit(rate).isPresent();
    }
}
