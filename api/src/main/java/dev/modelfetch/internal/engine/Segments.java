package dev.modelfetch.internal.engine;

import dev.modelfetch.internal.store.Ranges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Gives out the missing ranges of one file, front first so that the digest can follow, in pieces that shrink towards the
 * end; when nothing is left to give, splits the largest piece still under way. Guarded by itself.
 */
final class Segments {

    /** A range one worker is filling. Its end may move down when another worker takes over the rest. */
    static final class Claim {
        private long position;
        private long end;

        private Claim(long position, long end) {
            this.position = position;
            this.end = end;
        }

        private long left() {
            return end - position;
        }
    }

    private final Deque<Ranges.Gap> unclaimed = new ArrayDeque<>();
    private final List<Claim> active = new ArrayList<>();

    Segments(List<Ranges.Gap> missing) {
        unclaimed.addAll(missing);
    }

    /**
     * The next piece.
     *
     * @param workers how many share the file
     * @return empty when there is nothing left worth giving out
     */
    synchronized Optional<Claim> claim(int workers) {
        Ranges.Gap gap = unclaimed.poll();
        if (gap == null) {
            return split();
        }
        long left = gap.end() - gap.start();
        long rest = unclaimed.stream()
                        .mapToLong(other -> other.end() - other.start())
                        .sum()
                + left;
        long fair = Math.max(Limits.SMALLEST_PIECE, Math.min(Limits.LARGEST_PIECE, rest / (2L * workers)));
        // A lone worker never asks twice, and a remainder hardly worth a request of its own goes along.
        long length = workers == 1 || left < fair + fair / 4 ? left : fair;
        if (length < left) {
            unclaimed.push(new Ranges.Gap(gap.start() + length, gap.end()));
        }
        return Optional.of(started(new Claim(gap.start(), gap.start() + length)));
    }

    /** As {@link #claim}, but waits while others may still give something back; empty when the file is complete. */
    synchronized Optional<Claim> claimOrWait(int workers) throws InterruptedException {
        while (true) {
            Optional<Claim> claim = claim(workers);
            if (claim.isPresent() || active.isEmpty()) {
                return claim;
            }
            wait();
        }
    }

    private Optional<Claim> split() {
        Claim largest = null;
        for (Claim claim : active) {
            if (largest == null || claim.left() > largest.left()) {
                largest = claim;
            }
        }
        if (largest == null || largest.left() < 2 * Limits.SMALLEST_PIECE) {
            return Optional.empty();
        }
        long middle = largest.position + largest.left() / 2;
        Claim second = new Claim(middle, largest.end);
        largest.end = middle;
        return Optional.of(started(second));
    }

    private Claim started(Claim claim) {
        active.add(claim);
        return claim;
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

    /** Whether another worker would find something to do. */
    synchronized boolean hasMore() {
        return !unclaimed.isEmpty();
    }
}
