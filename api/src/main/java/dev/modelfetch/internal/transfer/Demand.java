package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.partial.Ranges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is wanted of a file: where its readers wait, and whether anybody wants the rest as well. The gaps in front of
 * those who wait are filled first; where nobody wants all of it, nothing else is. Thread-safe.
 */
public final class Demand {

    private final List<Long> waiting = new ArrayList<>();
    private boolean whole;

    private Demand(boolean whole) {
        this.whole = whole;
    }

    /** Of a file that is fetched for its own sake. */
    public static Demand ofAll() {
        return new Demand(true);
    }

    /** Of a file of which nobody wants anything yet. */
    public static Demand ofNothing() {
        return new Demand(false);
    }

    /** From now on all of it is wanted. */
    public synchronized void everything() {
        whole = true;
    }

    synchronized boolean isWhole() {
        return whole;
    }

    synchronized void begin(long position) {
        waiting.add(position);
    }

    synchronized void end(long position) {
        waiting.remove((Long) position);
    }

    /** Whether somebody waits for one of these bytes. */
    synchronized boolean isFor(long from, long to) {
        return waiting.stream().anyMatch(at -> at >= from && at < to);
    }

    /** The gap, or the part of one, that is to be filled next; empty if none of them is wanted. */
    synchronized Optional<Ranges.Gap> next(Collection<Ranges.Gap> gaps) {
        for (long at : waiting) {
            for (Ranges.Gap gap : gaps) {
                long from = Math.max(at, gap.start());
                if (from < gap.end() && from < at + Limits.READ_AHEAD) {
                    long to = whole ? gap.end() : Math.min(gap.end(), at + Limits.READ_AHEAD);
                    return Optional.of(new Ranges.Gap(from, to));
                }
            }
        }
        return whole ? gaps.stream().findFirst() : Optional.empty();
    }
}
