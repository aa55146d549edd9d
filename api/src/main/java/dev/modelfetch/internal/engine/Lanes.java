package dev.modelfetch.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one job has learnt about the sources while bytes flow: failures in a row, over all files. A source that has only
 * failed lately is left alone by files that can go elsewhere. Thread-safe.
 */
final class Lanes {

    private final Map<Hub, AtomicInteger> strikes = new ConcurrentHashMap<>();

    boolean isHealthy(Hub hub) {
        return of(hub).get() < Limits.STRIKES;
    }

    void delivered(Hub hub) {
        AtomicInteger count = of(hub);
        if (count.get() != 0) {
            count.set(0);
        }
    }

    void failed(Hub hub) {
        of(hub).incrementAndGet();
    }

    private AtomicInteger of(Hub hub) {
        return strikes.computeIfAbsent(hub, any -> new AtomicInteger());
    }
}
