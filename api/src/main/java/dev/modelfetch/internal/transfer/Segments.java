package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Gives out the missing ranges of one file, those first that somebody waits for, then the front so that the digest can
 * follow, in pieces that shrink towards the end and with a worker's speed; when nothing is left to give, splits the piece
 * that would be finished last. Guarded by itself.
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

    /** By where they begin. */
    private final TreeMap<Long, Ranges.Gap> unclaimed = new TreeMap<>();

    private final List<Claim> active = new ArrayList<>();
    private final LongSupplier nanos;
    private final Demand demand;
    /** Workers that have nothing to do. */
    private int idle;

    Segments(List<Ranges.Gap> missing) {
        this(missing, System::nanoTime);
    }

    Segments(List<Ranges.Gap> missing, LongSupplier nanos) {
        this(missing, nanos, Demand.ofAll());
    }

    Segments(List<Ranges.Gap> missing, LongSupplier nanos, Demand demand) {
        missing.forEach(this::open);
        this.nanos = nanos;
        this.demand = demand;
    }

    private void open(Ranges.Gap gap) {
        if (gap.start() < gap.end()) {
            unclaimed.put(gap.start(), gap);
        }
    }

    /** What is wanted next, up to the end of its gap. */
    private Optional<Ranges.Gap> next() {
        return demand.next(unclaimed.values());
    }

    private void take(Ranges.Gap taken) {
        Ranges.Gap around = unclaimed.floorEntry(taken.start()).getValue();
        unclaimed.remove(around.start());
        open(new Ranges.Gap(around.start(), taken.start()));
        open(new Ranges.Gap(taken.end(), around.end()));
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
        Optional<Ranges.Gap> wanted = next();
        if (wanted.isEmpty()) {
            return demand.isWhole() ? split(rate, cuts) : Optional.empty();
        }
        Ranges.Gap gap = wanted.get();
        long left = gap.length();
        long rest = unclaimed.values().stream().mapToLong(Ranges.Gap::length).sum();
        long fair = Math.max(Limits.SMALLEST_PIECE, Math.min(Limits.LARGEST_PIECE, rest / (2L * workers)));
        if (rate > 0) {
            long most = (long) (rate * Limits.PIECE_SECONDS);
            long least = (long) (rate * Limits.SHORT_PIECE_SECONDS);
            fair = Math.max(Limits.SMALLEST_SPLIT, Math.min(Math.max(fair, least), most));
        }
        // A lone worker never asks twice, and a remainder hardly worth a request of its own goes along.
        long usual = workers == 1 || left < fair + fair / 4 ? left : fair;
        long length = Math.min(usual, trusted);
        take(new Ranges.Gap(gap.start(), gap.start() + length));
        return Optional.of(started(gap.start(), gap.start() + length, rate));
    }

    /** For whoever has read the file up to there and goes on reading: the next range that nobody fills. */
    synchronized Optional<Claim> claimBehind(long position) {
        Optional<Ranges.Gap> next =
                Optional.ofNullable(unclaimed.ceilingEntry(position)).map(Map.Entry::getValue);
        next.ifPresent(this::take);
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
        open(new Ranges.Gap(claim.position, claim.end));
        notifyAll();
    }

    /**
     * Somebody waits for the byte at that position, and has done so for a while. Whoever will come there much later leaves
     * it to others; if everybody is busy, whoever has most to do takes it up next.
     */
    synchronized void hasten(long position) {
        for (Claim claim : active) {
            if (claim.front() <= position && position < claim.end) {
                if (position - claim.front() < Limits.SMALLEST_PIECE) {
                    return;
                }
                cut(claim, position);
                break;
            }
        }
        Ranges.Gap gap = unclaimed.floorEntry(position) == null
                ? null
                : unclaimed.floorEntry(position).getValue();
        if (gap != null && position < gap.end() && idle == 0) {
            active.stream()
                    .filter(claim -> !demand.isFor(claim.front(), claim.end))
                    .max(Comparator.comparingLong(Claim::left))
                    .ifPresent(claim -> cut(claim, claim.front()));
        }
        notifyAll();
    }

    /** More may be wanted than before. */
    synchronized void wake() {
        notifyAll();
    }

    /** From there on it is for somebody else. */
    private void cut(Claim claim, long position) {
        open(new Ranges.Gap(position, claim.end));
        claim.end = position;
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
        idle++;
        try {
            for (long left = patience.toNanos();
                    next().isEmpty() && !isComplete() && left > 0;
                    left = until - nanos.getAsLong()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } finally {
            idle--;
        }
        return next().isPresent() || (demand.isWhole() && bestSplit(rate).isPresent());
    }
}
