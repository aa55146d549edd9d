package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The hosts of one job, each once, whichever source leads to it, and which of them an offer is expected to lead to: hubs
 * send small files themselves and large ones from elsewhere, so the last file of the same sort tells. Guarded by {@link
 * ConnectionBudget}.
 */
final class DataHosts {

    private record Door(String name, String route) {}

    private record Sort(Source source, boolean lfs) {}

    private final Map<Door, DataHost> byDoor = new LinkedHashMap<>();
    private final Map<Sort, DataHost> learned = new LinkedHashMap<>();
    private final Set<DataHost> joined = new HashSet<>();
    private final List<Function<Instant, FetchEvent>> news = new ArrayList<>();
    private final RandomGenerator random = new Random();

    Collection<DataHost> all() {
        return byDoor.values();
    }

    /** Where its requests begin. */
    DataHost hubOf(Offer offer) {
        return at(offer.source().host(), offer.source());
    }

    /** Who is expected to send its bytes. */
    DataHost expected(Offer offer) {
        return Objects.requireNonNullElseGet(learned.get(sortOf(offer)), () -> hubOf(offer));
    }

    /** The one of that name; the way there is part of it, for what fails may be the way. */
    DataHost at(String name, Source source) {
        return byDoor.computeIfAbsent(new Door(name, source.line().textFor(name)), door -> new DataHost(name, random));
    }

    void learn(Offer offer, DataHost sends) {
        learned.put(sortOf(offer), sends);
    }

    /** A small file is no good for a trial where somebody else has it: it would have to wait for what comes of it. */
    boolean mayBeAsked(Offer offer, List<Offer> open, long now) {
        DataHost hub = hubOf(offer);
        DataHost host = expected(offer);
        boolean spared = offer.file().size() < Limits.SMALL_FILE
                && isOut(offer)
                && host.outFor(now).compareTo(Limits.LONGEST_ABSENCE) < 0
                && hub.outFor(now).compareTo(Limits.LONGEST_ABSENCE) < 0
                && open.stream().anyMatch(other -> !isOut(other));
        return hub.mayBeAsked(now) && host.mayBeAsked(now) && !spared;
    }

    /** Whether it has only just failed, or is under suspicion: not long enough to leave the line that costs nothing. */
    boolean isBackSoon(Offer offer, long now) {
        return hubOf(offer).outFor(now).compareTo(Limits.DETOUR) < 0
                && expected(offer).outFor(now).compareTo(Limits.DETOUR) < 0;
    }

    /** Whether it is out now, or its hub is. */
    boolean isOut(Offer offer) {
        return hubOf(offer).isOut() || expected(offer).isOut();
    }

    /** Where its bytes come from, those of large files if it has led to any. */
    Optional<DataHost> sender(Source source) {
        return Stream.of(true, false)
                .flatMap(lfs -> Stream.ofNullable(learned.get(new Sort(source, lfs))))
                .findFirst();
    }

    /** How often in a row the way to it has failed. */
    int failures(Offer offer) {
        return Math.max(hubOf(offer).failures(), expected(offer).failures());
    }

    /** What is wrong with it; empty if nothing is. */
    Optional<Fault> trouble(Offer offer) {
        return Stream.of(hubOf(offer), expected(offer))
                .filter(DataHost::isOut)
                .flatMap(host -> Stream.ofNullable(host.why()))
                .findFirst();
    }

    /** How long until it is asked again; zero if it is not out. */
    Duration pause(Offer offer, long now) {
        long due = Stream.of(hubOf(offer), expected(offer))
                .filter(DataHost::isOut)
                .mapToLong(host -> host.dueNanos() - now)
                .max()
                .orElse(0);
        // In whole milliseconds, rounded up: what has passed since it was decided is no part of it.
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(Math.max(0, due) + 999_999));
    }

    /** It brings something, led to by that source. */
    void sends(DataHost host, Source source) {
        if (joined.add(host)) {
            String route = source.line().textFor(host.name());
            news.add(at -> new FetchEvent.SourceJoined(at, source.id(), host.name(), route));
        }
    }

    /** It is out. Told unless it may be over in a moment. */
    void rest(DataHost host, Fault fault, long now) {
        boolean alone = all().stream().allMatch(other -> other == host || other.isOut() || !other.hasBeenHeard());
        host.rest(fault, alone, now);
        if (alone) {
            all().forEach(other -> other.hurry(now));
        }
        boolean brief = host.failures() == 1 && fault.asked().isEmpty();
        if (!brief && joined.remove(host)) {
            Duration pause = Duration.ofNanos(host.dueNanos() - now);
            String source = host.blamed();
            String reason = fault.verdict().detail();
            news.add(at -> new FetchEvent.SourceLeft(at, source, host.name(), reason, at.plus(pause)));
        }
    }

    /** What is to be told since the last time. */
    List<Function<Instant, FetchEvent>> news() {
        List<Function<Instant, FetchEvent>> all = List.copyOf(news);
        news.clear();
        return all;
    }

    private static Sort sortOf(Offer offer) {
        return new Sort(offer.source(), offer.file().lfs());
    }
}
