package dev.modelfetch.it.bench;

/**
 * One run of one tool in one scenario.
 *
 * @param peer the tool
 * @param cost what it took
 * @param sent body bytes the hubs sent for it
 * @param missing files that are not there, or not right, afterwards
 * @param remark what a reader should know; empty for nothing
 */
record Outcome(Peer peer, Cost cost, long sent, long missing, String remark) {

    /** Whether the tool reported success and was right. */
    boolean good() {
        return cost.status() == 0 && missing == 0;
    }

    double seconds() {
        return cost.wall().toNanos() / 1e9;
    }

    double cpuSeconds() {
        return cost.cpu().toNanos() / 1e9;
    }
}
