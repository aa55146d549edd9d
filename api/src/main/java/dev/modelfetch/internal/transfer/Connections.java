package dev.modelfetch.internal.transfer;

import java.util.function.LongSupplier;

/**
 * The connections of several transfers, one after another and at the same time, so that it is learned once who is how fast
 * and how many a source bears. Thread-safe.
 */
public final class Connections {

    private final ConnectionBudget budget;

    /**
     * @param most at one source, for all of them together; of these it gets what it tolerates
     * @param several whether another source may join while the best one works
     */
    public Connections(int most, boolean several) {
        this(most, several, System::nanoTime);
    }

    Connections(int most, boolean several, LongSupplier nanos) {
        this.budget = new ConnectionBudget(most, several, nanos);
    }

    /** For one that begins: what failed while nobody needed it may be well again. */
    ConnectionBudget begin() {
        budget.forgetTroubleOfTheIdle();
        return budget;
    }
}
