package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares one job's connections out over its sources, by what they bring (mirrors.md 5.9, steps 5 and 6):
 *
 * <ol>
 *   <li>Each source starts with as many connections as the job has workers; a lower one only once the best is full.
 *   <li>While somebody waits for a place, one source at a time is given more. If the job as a whole becomes faster it keeps
 *       them, if not they are taken away again and the source is left alone for a while.
 *   <li>A source that pushes back loses a connection at once.
 *   <li>Of two sources the better is the one ranked first, unless another's connections have brought half as much again.
 *   <li>Another source than the best joins only for large files, and not through a proxy if the best goes direct: that
 *       line may be metered.
 *   <li>A source that failed several times in a row, over all files, is left to files that have nobody else.
 * </ol>
 *
 * Guarded by itself.
 */
final class ConnectionBudget {

    private final Map<Source, Quota> quotas = new LinkedHashMap<>();
    private final int base;
    private final boolean several;
    private final LongSupplier nanos;
    private long windowStart;
    private @Nullable GrowthTrial trial;

    /**
     * @param base connections the best source starts with
     * @param several whether another source may join while the best one works
     */
    ConnectionBudget(int base, boolean several) {
        this(base, several, System::nanoTime);
    }

    ConnectionBudget(int base, boolean several, LongSupplier nanos) {
        this.base = base;
        this.several = several;
        this.nanos = nanos;
        this.windowStart = nanos.getAsLong();
    }

    /**
     * A place at the best source that has one.
     *
     * @param open who can deliver, best ranked first
     * @param large whether the file is worth a second source
     */
    synchronized Optional<Offer> tryEnter(List<Offer> open, boolean large) {
        List<Offer> candidates = candidates(open);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Offer best = candidates.get(0);
        Quota quota = of(best.source());
        if (quota.limit() == 0) {
            quota.limit(base);
        }
        return quota.tryEnter() ? Optional.of(best) : tryEnterElsewhere(candidates, large);
    }

    /** A place at a source other than the best, which is left to those who have none at all. */
    private Optional<Offer> tryEnterElsewhere(List<Offer> candidates, boolean large) {
        return candidates.stream()
                .skip(1)
                .filter(offer -> several
                        && large
                        && mayJoin(offer.source(), candidates.get(0).source()))
                .filter(offer -> {
                    of(offer.source()).openOnce(base);
                    return of(offer.source()).tryEnter();
                })
                .findFirst();
    }

    private List<Offer> candidates(List<Offer> open) {
        List<Offer> healthy =
                open.stream().filter(offer -> isHealthy(offer.source())).toList();
        return inOrder(healthy.isEmpty() ? open : healthy);
    }

    /**
     * A place at a source nothing is known of yet. A single file that keeps all its workers busy at a slow source would
     * never learn that another is quicker.
     */
    synchronized Optional<Offer> explore(List<Offer> open) {
        List<Offer> candidates = candidates(open);
        List<Offer> unknown = new ArrayList<>(candidates.stream().limit(1).toList());
        candidates.stream()
                .skip(1)
                .filter(offer -> of(offer.source()).isUnknown())
                .forEach(unknown::add);
        return tryEnterElsewhere(unknown, true);
    }

    /**
     * As {@link #tryEnter}, waiting for a place up to so long.
     *
     * @param first whether it is for the first worker of a file; others leave a source to those of them that wait for it
     */
    synchronized Optional<Offer> enter(List<Offer> open, boolean large, boolean first, Duration patience)
            throws InterruptedException {
        long until = nanos.getAsLong() + patience.toNanos();
        while (true) {
            List<Offer> candidates = candidates(open);
            Optional<Quota> best = candidates.stream().findFirst().map(offer -> of(offer.source()));
            boolean bestIsAwaited = best.filter(Quota::isAwaited).isPresent();
            Optional<Offer> place =
                    first || !bestIsAwaited ? tryEnter(open, large) : tryEnterElsewhere(candidates, large);
            long left = until - nanos.getAsLong();
            if (place.isPresent() || left <= 0) {
                return place;
            }
            best.filter(quota -> first).ifPresent(quota -> quota.awaited(1));
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } finally {
                best.filter(quota -> first).ifPresent(quota -> quota.awaited(-1));
            }
        }
    }

    /**
     * Waits until the sources in use have room for more than so many workers on small files; to wait is to say that more
     * is wanted.
     *
     * @param wanted whether there is still something to do for another
     * @return false when there is not
     */
    synchronized boolean awaitRoom(int workers, BooleanSupplier wanted) throws InterruptedException {
        while (wanted.getAsBoolean()) {
            List<Quota> used =
                    quotas.values().stream().filter(quota -> quota.limit() > 0).toList();
            if (used.stream().mapToInt(Quota::limit).sum() > workers) {
                return true;
            }
            used.forEach(Quota::wanted);
            TimeUnit.MILLISECONDS.timedWait(this, Limits.ROOM_POLL.toMillis());
        }
        return false;
    }

    /** Lets those that wait look again. */
    synchronized void wake() {
        notifyAll();
    }

    synchronized void leave(Source source) {
        of(source).leave();
        notifyAll();
    }

    /** Whether another source may join while the best one works. */
    boolean isOfSeveral() {
        return several;
    }

    synchronized boolean isHealthy(Source source) {
        return of(source).isHealthy();
    }

    /** Bytes per second of one connection to it; 0 while nothing is known. */
    synchronized double perConnection(Source source) {
        return of(source).perConnection();
    }

    synchronized void delivered(Source source, int bytes) {
        long now = nanos.getAsLong();
        if (now - windowStart >= 2 * Limits.WINDOW.toNanos()) {
            // Nobody brought anything for a while; that says nothing about those who do now.
            quotas.values().forEach(Quota::forgetWindow);
            windowStart = now;
        }
        of(source).delivered(bytes);
        if (now - windowStart >= Limits.WINDOW.toNanos()) {
            endWindow(now);
        }
    }

    /**
     * An attempt failed.
     *
     * @return whether the source was merely asked for too much: others of its connections work
     */
    synchronized boolean failed(Source source, Fault fault) {
        Quota quota = of(source);
        if (quota.active() > 1 && quota.isHealthy() && fault.mayBePushBack()) {
            quota.pushedBack(nanos.getAsLong());
            quota.failed();
            return true;
        }
        quota.failed();
        return false;
    }

    private void endWindow(long now) {
        double seconds = (now - windowStart) / (double) TimeUnit.SECONDS.toNanos(1);
        windowStart = now;
        List<Quota> mayGrow =
                quotas.values().stream().filter(quota -> quota.mayGrow(now)).toList();
        double rate = 0;
        for (Quota quota : quotas.values()) {
            rate += quota.endWindow(seconds) / seconds;
        }
        if (trial == null) {
            trial = GrowthTrial.begin(mayGrow, rate, now).orElse(null);
            notifyAll();
        } else if (trial.isOver(rate, now)) {
            trial = null;
        }
    }

    /** Rank decides unless somebody lower has brought clearly more. */
    private List<Offer> inOrder(List<Offer> ranked) {
        List<Offer> ordered = new ArrayList<>(ranked);
        if (!several || ranked.size() < 2) {
            return ordered;
        }
        double first = of(ranked.get(0).source()).perConnection();
        ordered.sort(Comparator.comparingDouble((Offer offer) -> {
            double own = of(offer.source()).perConnection();
            boolean clearlyBetter = first > 0 && own > first * Limits.CLEARLY_FASTER;
            return clearlyBetter ? -own : 0;
        }));
        return ordered;
    }

    private static boolean mayJoin(Source other, Source best) {
        return other.route().equals("direct") || !best.route().equals("direct");
    }

    private Quota of(Source source) {
        return quotas.computeIfAbsent(source, Quota::new);
    }
}
