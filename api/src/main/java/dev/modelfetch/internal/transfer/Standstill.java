package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why nothing comes, for people.
 *
 * @param causes words by source
 * @param next until somebody is asked again; empty if there is nobody to ask
 * @param isComplete whether nobody is being asked
 */
record Standstill(Map<String, String> causes, Optional<Duration> next, boolean isComplete) {

    /**
     * As it is now.
     *
     * @param places open connections
     */
    static Standstill of(Collection<DataHost> hosts, Collection<Place> places, long now) {
        Map<String, String> causes = new LinkedHashMap<>();
        Optional<Duration> next = Optional.empty();
        for (DataHost host : hosts) {
            Fault why = host.why();
            if (host.isOut() && why != null) {
                causes.put(host.blamed(), why.verdict().detail());
                Duration pause = Duration.ofNanos(Math.max(0, host.dueNanos() - now));
                // Whoever is due is being asked.
                if (!pause.isZero()) {
                    next = next.filter(other -> other.compareTo(pause) < 0).or(() -> Optional.of(pause));
                }
            }
        }
        for (Place place : places) {
            causes.putIfAbsent(
                    place.offer().id(), "no answer yet (" + place.host().name() + ")");
        }
        if (next.isEmpty()) {
            next = places.stream().map(place -> timeLeft(place, now)).min(Duration::compareTo);
        }
        if (causes.isEmpty()) {
            causes.put("connections", "all in use by other jobs");
        }
        return new Standstill(causes, next, places.isEmpty());
    }

    /** How long a request that is open has, at most, until it counts as dead and another is made. */
    private static Duration timeLeft(Place place, long now) {
        Duration silence = place.isOfOneThatDelivered() && !place.isTrial()
                ? Limits.SILENT_ALONE
                : Duration.ofMillis(place.offer().source().data().readTimeoutMillis());
        Duration left = silence.minus(place.host().silentFor(now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
