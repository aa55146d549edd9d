package dev.modelfetch.internal.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** How many may be at work at the same time, and whose turn is next: those that wait have no thread. Thread-safe. */
final class Admission {

    private record Turn(int priority, long arrival, Runnable begin) {}

    private final int most;
    private final PriorityQueue<Turn> waiting = new PriorityQueue<>(
            Comparator.comparingInt(Turn::priority).reversed().thenComparingLong(Turn::arrival));
    private int working;
    private long arrivals;

    Admission(int most) {
        this.most = most;
    }

    /**
     * Begins now, or when the turn has come.
     *
     * @param begin returns at once; whoever was begun says {@link #done} in the end
     */
    void enter(int priority, Runnable begin) {
        synchronized (this) {
            if (working == most) {
                waiting.add(new Turn(priority, arrivals++, begin));
                return;
            }
            working++;
        }
        begin.run();
    }

    /** No longer waits for its turn; false if it does not, because that has come. */
    synchronized boolean leave(Runnable begin) {
        return waiting.removeIf(turn -> turn.begin() == begin);
    }

    /** One has ended: the next begins. */
    void done() {
        Turn next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                working--;
                return;
            }
        }
        next.begin().run();
    }
}
