package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares the connections of one job, or of several, out over their sources, by what they bring (mirrors.md 5.9, steps 5 and 6):
 *
 * <ol>
 *   <li>Each source starts with as many connections as the job has workers; a lower one only once the best is full.
 *   <li>While somebody waits for a place, one source at a time is given more. If the job as a whole becomes faster it keeps
 *       them, if not they are taken away again and the source is left alone for a while.
 *   <li>A source that pushes back loses connections at once.
 *   <li>Of two sources the better is the one ranked first, unless another's connections have brought half as much again.
 *   <li>Another source than the best joins only where there is much left to do, and not through a proxy if the best goes
 *       direct: that line may be metered.
 *   <li>A {@link DataHost} that has failed is out for all files at once, and comes back by one small trial.
 * </ol>
 *
 * Guarded by itself.
 */
final class ConnectionBudget {

    private final Map<Source, Quota> quotas = new LinkedHashMap<>();
    private final DataHosts hosts = new DataHosts();
    private final Set<Place> places = new HashSet<>();
    private final int base;
    private final boolean several;
    private final LongSupplier nanos;
    private long windowStart;
    private long wantedNanos;
    private long deliveredNanos;
    private String lastDeliverer = "";
    private double rate;
    private volatile boolean muchLeft;
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
        this.wantedNanos = windowStart;
    }

    // --- places

    /**
     * A place at the best source that has one.
     *
     * @param open who can deliver, best ranked first
     * @param wide whether it is worth a second source
     * @param file whose strategy it is
     */
    synchronized Optional<Place> tryEnter(List<Offer> open, boolean wide, Failover file) {
        List<Offer> candidates = candidates(open);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Offer best = candidates.get(0);
        Quota quota = of(best.source());
        if (quota.limit() == 0) {
            quota.limit(base);
        }
        return quota.tryEnter(nanos.getAsLong())
                ? Optional.of(entered(best, quota, file))
                : tryEnterElsewhere(candidates, wide, file);
    }

    /** A place at a source other than the best, which is left to those who have none at all. */
    private Optional<Place> tryEnterElsewhere(List<Offer> candidates, boolean wide, Failover file) {
        for (Offer offer : candidates.subList(Math.min(1, candidates.size()), candidates.size())) {
            Quota quota = of(offer.source());
            if (several && wide && mayJoin(offer.source(), candidates.get(0).source())) {
                quota.openOnce(base);
                if (quota.tryEnter(nanos.getAsLong())) {
                    return Optional.of(entered(offer, quota, file));
                }
            }
        }
        return Optional.empty();
    }

    private Place entered(Offer offer, Quota quota, Failover file) {
        long now = nanos.getAsLong();
        DataHost hub = hosts.hubOf(offer);
        DataHost host = hosts.expected(offer);
        boolean hubTried = hub.beginTrial();
        boolean tries = host.beginTrial() || hubTried;
        host.enter(now);
        Place place = new Place(offer, quota, hub, host, now, tries, file);
        places.add(place);
        return place;
    }

    /** Those that may be asked now, best first. */
    private List<Offer> candidates(List<Offer> open) {
        long now = nanos.getAsLong();
        wantedNanos = now;
        List<Offer> candidates = new ArrayList<>();
        for (Offer offer : open) {
            boolean spared = !mayJoin(offer.source(), open.get(0).source()) && hosts.isBackSoon(open.get(0), now);
            if (hosts.mayBeAsked(offer, open, now) && !spared) {
                candidates.add(offer);
            }
        }
        return inOrder(candidates);
    }

    /**
     * A place at a source nothing is known of yet. A single file that keeps all its workers busy at a slow source would
     * never learn that another is quicker.
     */
    synchronized Optional<Place> explore(List<Offer> open, Failover file) {
        List<Offer> candidates = candidates(open);
        List<Offer> unknown = new ArrayList<>(candidates.stream().limit(1).toList());
        candidates.stream()
                .skip(1)
                .filter(offer -> hosts.expected(offer).isUnknown())
                .forEach(unknown::add);
        return tryEnterElsewhere(unknown, true, file);
    }

    /**
     * As {@link #tryEnter}, waiting for a place up to so long.
     *
     * @param first whether it is for the first worker of a file; others leave a source to those of them that wait for it
     */
    synchronized Optional<Place> enter(List<Offer> open, boolean wide, boolean first, Duration patience, Failover file)
            throws InterruptedException {
        long until = nanos.getAsLong() + patience.toNanos();
        while (true) {
            List<Offer> candidates = candidates(open);
            Optional<Quota> best = candidates.stream().findFirst().map(offer -> of(offer.source()));
            boolean bestIsAwaited = best.filter(Quota::isAwaited).isPresent();
            Optional<Place> place =
                    first || !bestIsAwaited ? tryEnter(open, wide, file) : tryEnterElsewhere(candidates, wide, file);
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

    synchronized void leave(Place place) {
        long now = nanos.getAsLong();
        places.remove(place);
        place.quota().leave(now);
        place.host().leave(now);
        if (place.isTrial()) {
            place.hub().endTrial();
            place.host().endTrial();
        }
        settle(place.host(), now);
        notifyAll();
    }

    /** Whether what is left of the job would take long; from then on several sources may serve small files as well. */
    boolean isMuchLeft() {
        return muchLeft;
    }

    void muchLeft(boolean much) {
        muchLeft = much;
    }

    /** Whether another source may join while the best one works. */
    boolean isOfSeveral() {
        return several;
    }

    // --- what they bring

    /** Its hub has led to whoever sends now. */
    synchronized void opened(Place place, String by) {
        long now = nanos.getAsLong();
        DataHost sends = hosts.at(by, place.offer().source());
        hosts.learn(place.offer(), sends);
        if (sends != place.hub() && place.hub().isOut()) {
            heard(place.hub(), place, now);
        }
        if (sends != place.host()) {
            place.host().leave(now);
            place.host().endTrial();
            sends.enter(now);
            place.host(sends);
        }
    }

    synchronized void delivered(Place place, int bytes) {
        long now = nanos.getAsLong();
        boolean first = lastDeliverer.isEmpty();
        if (first || now - deliveredNanos > Limits.WINDOW.toNanos()) {
            // Nobody brought anything for a while, or ever; that says nothing about those who do now.
            quotas.values().forEach(quota -> quota.flow().forgetWindow(now));
            hosts.all().forEach(host -> host.flow().forgetWindow(now));
            windowStart = now;
        }
        deliveredNanos = now;
        lastDeliverer = place.offer().id();
        place.quota().flow().delivered(bytes);
        place.host().flow().delivered(bytes);
        heard(place.host(), place, now);
        if (now - windowStart >= Limits.WINDOW.toNanos()) {
            endWindow(now);
        }
    }

    private void heard(DataHost host, Place by, long now) {
        Fault isolated = host.absolve(now);
        if (isolated != null && isolated.mayBePushBack()) {
            by.quota().pushedBack(by.quota().flow().active(), now);
        }
        boolean back = host.heard(now);
        if (host == by.host()) {
            hosts.sends(host, by.offer().source());
        }
        if (back || isolated != null) {
            notifyAll();
        }
    }

    /** Bytes per second of one connection to whoever is expected to send it; 0 while nothing is known. */
    synchronized double perConnection(Offer offer) {
        return hosts.expected(offer).flow().perConnection();
    }

    /** Bytes per second of all connections together, as lately seen; 0 while nothing is known. */
    synchronized double rate() {
        return rate;
    }

    private void endWindow(long now) {
        double seconds = (now - windowStart) / (double) TimeUnit.SECONDS.toNanos(1);
        windowStart = now;
        List<Quota> mayGrow =
                quotas.values().stream().filter(quota -> quota.mayGrow(now)).toList();
        rate = 0;
        for (Quota quota : quotas.values()) {
            rate += quota.endWindow(seconds, now);
        }
        hosts.all().forEach(host -> host.flow().endWindow(now));
        if (trial == null) {
            trial = GrowthTrial.begin(mayGrow, rate, now).orElse(null);
            notifyAll();
        } else if (trial.isOver(rate, now)) {
            trial = null;
        }
    }

    /** For later jobs: who has brought how much, and whose host has failed to the end. */
    synchronized void remember() {
        for (Quota quota : quotas.values()) {
            Source source = quota.source();
            hosts.sender(source).ifPresent(host -> {
                String route = source.line().textFor(host.name());
                if (host.isOut()) {
                    source.history().failed(host.name(), route);
                } else {
                    quota.best().ifPresent(rate -> source.history().brought(rate, host.name(), route));
                }
            });
        }
    }

    // --- what goes wrong

    /** What a failure means for its host. */
    enum Finding {
        /** It is the failure of others as well, and counted already. */
        KNOWN,
        /** It may be of this connection alone; the others will tell. */
        SUSPECTED,
        /** The host is out. */
        OUT
    }

    /** A connection failed, by something that passes. Called before it {@linkplain #leave leaves}. */
    synchronized Finding failed(Place place, Fault fault) {
        long now = nanos.getAsLong();
        String by = fault.host();
        DataHost host = by == null ? place.host() : hosts.at(by, place.offer().source());
        if (host != place.hub()) {
            // Where it has led to, though nothing came of it.
            hosts.learn(place.offer(), host);
        }
        boolean tried = place.isTrial() && (host == place.host() || host == place.hub());
        if (!tried && host.knowsFailureOf(place.enteredNanos())) {
            return Finding.KNOWN;
        }
        host.blamed(place.offer().id());
        int others = host.flow().active() - (host == place.host() ? 1 : 0);
        boolean certain = fault.asked().isPresent() || fault.kind() == Fault.Kind.CRAWL;
        if (others > 0 && fault.mayBePushBack() && certain) {
            place.quota().pushedBack(others, now);
        }
        if (others > 0 && !certain && !tried) {
            host.suspect(fault, now);
            return Finding.SUSPECTED;
        }
        boolean suspected = host.suspicion() != null;
        rest(host, fault, now);
        return suspected ? Finding.KNOWN : Finding.OUT;
    }

    /** Fewer connections at once may be all that is wanted. */
    synchronized boolean pushBack(Place place) {
        int others = place.quota().flow().active() - 1;
        if (others > 0) {
            place.quota().pushedBack(others, nanos.getAsLong());
        }
        return others > 0;
    }

    private void rest(DataHost host, Fault fault, long now) {
        hosts.rest(host, fault, now);
        notifyAll();
    }

    private void settle(DataHost host, long now) {
        Fault suspicion = host.suspicion();
        if (suspicion != null && host.isSuspicionProved(now)) {
            rest(host, suspicion, now);
        }
    }

    /** Decides what time has decided. */
    synchronized void tick() {
        long now = nanos.getAsLong();
        List.copyOf(hosts.all()).forEach(host -> settle(host, now));
        notifyAll();
    }

    /** Connections to hosts from which nothing has come for so long, on any of them; trials have a limit of their own. */
    synchronized List<Place> silent(Duration time) {
        long now = nanos.getAsLong();
        return places.stream()
                .filter(place -> !place.isTrial() && place.host().silentFor(now).compareTo(time) >= 0)
                .toList();
    }

    /** What failed while nobody needed it is found out anew. */
    synchronized void forgetTroubleOfTheIdle() {
        long now = nanos.getAsLong();
        hosts.all().forEach(host -> host.forgetTrouble(now));
        notifyAll();
    }

    /** The machine has slept: what was silent until now may have been so through our own fault. */
    synchronized void awake() {
        long now = nanos.getAsLong();
        hosts.all().forEach(host -> {
            host.forgiveSilence(now);
            host.pardon(now);
        });
        notifyAll();
    }

    // --- how it stands

    /** Whether it is out now, or its hub is. */
    synchronized boolean isOut(Offer offer) {
        return hosts.isOut(offer);
    }

    /** How often in a row the way to it has failed. */
    synchronized int failures(Offer offer) {
        return hosts.failures(offer);
    }

    /** What is wrong with it; empty if nothing is. */
    synchronized Optional<Fault> trouble(Offer offer) {
        return hosts.trouble(offer);
    }

    /** How long until it is asked again; zero if it is not out. */
    synchronized Duration pause(Offer offer) {
        return hosts.pause(offer, nanos.getAsLong());
    }

    /** Why nothing comes. */
    synchronized Standstill standstill() {
        return Standstill.of(hosts.all(), places, nanos.getAsLong());
    }

    /** Whether anybody wants bytes, or lately did. */
    synchronized boolean isWanted() {
        return !places.isEmpty() || nanos.getAsLong() - wantedNanos < Limits.HEARTBEAT.toNanos();
    }

    /** Who has sent something last. */
    synchronized String lastDeliverer() {
        return lastDeliverer;
    }

    /** All open connections. */
    synchronized List<Place> all() {
        return List.copyOf(places);
    }

    /** What is to be told since the last time. */
    synchronized List<Function<Instant, FetchEvent>> news() {
        return hosts.news();
    }

    /** Rank decides unless somebody lower has brought clearly more. */
    private List<Offer> inOrder(List<Offer> ranked) {
        List<Offer> ordered = new ArrayList<>(ranked);
        if (!several || ranked.size() < 2) {
            return ordered;
        }
        double first = hosts.expected(ranked.get(0)).flow().perConnection();
        ordered.sort(Comparator.comparingDouble((Offer offer) -> {
            double own = hosts.expected(offer).flow().perConnection();
            boolean clearlyBetter = first > 0 && own > first * Limits.CLEARLY_FASTER;
            return clearlyBetter ? -own : 0;
        }));
        return ordered;
    }

    private static boolean mayJoin(Source other, Source best) {
        return other.line().cost() <= best.line().cost();
    }

    private Quota of(Source source) {
        return quotas.computeIfAbsent(source, Quota::new);
    }
}
