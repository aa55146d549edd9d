package dev.modelfetch.testing.hub;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything a set of hubs saw, for assertions such as "no byte was fetched twice" or "the token went nowhere else".
 * Thread-safe; a query sees what had arrived when it was made.
 */
public final class Ledger {

    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> connections = new ConcurrentHashMap<>();
    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> peaks = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** Every request, in order of arrival. */
    public List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** Requests to one server. */
    public List<Visit> visits(String host) {
        return where(visit -> visit.host().equals(host)).toList();
    }

    /** Requests anywhere whose address begins so, in the spelling of the wire. */
    public List<Visit> requests(String prefix) {
        return where(visit -> visit.request().target().raw().startsWith(prefix)).toList();
    }

    /** Body bytes sent of one repository file, by all servers together, redirections not counted. */
    public long bytesSent(String path) {
        return sum(contents(path));
    }

    /** Body bytes one server sent of one repository file. */
    public long bytesSent(String host, String path) {
        return sum(contents(path).filter(visit -> visit.host().equals(host)));
    }

    /** Body bytes one server sent altogether. */
    public long bytesSentBy(String host) {
        return sum(where(visit -> visit.host().equals(host)));
    }

    /** Connections a server accepted, asked over or not. */
    public int connections(String host) {
        return connections.getOrDefault(host, 0);
    }

    /** The most requests a server had to answer at one time. */
    public int peak(String host) {
        return peaks.getOrDefault(host, 0);
    }

    /** Every {@code Authorization} value that was shown, with the server that saw it: {@code "mirror Bearer abc"}. */
    public Set<String> authorizationsSeen() {
        return where(visit -> true)
                .flatMap(visit -> visit.request().headers().allValues("Authorization").stream()
                        .map(value -> visit.host() + " " + value))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Servers that saw this secret anywhere: in an address, a header or a body. */
    public Set<String> hostsThatSaw(String secret) {
        return where(visit -> shows(visit.request(), secret))
                .map(Visit::host)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Mistakes inside the hubs themselves; a test that finds one here has found a bug in its tools. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Forgets everything so far. */
    public void clear() {
        visits.clear();
        connections.clear();
        peaks.clear();
        failures.clear();
    }

    void connected(String host) {
        connections.merge(host, 1, Integer::sum);
    }

    void failed(Throwable failure) {
        failures.add(failure);
    }

    Visit arrived(String host, Request request) {
        Visit visit = new Visit(host, request);
        visits.add(visit);
        peaks.merge(host, open.merge(host, 1, Integer::sum), Math::max);
        return visit;
    }

    void left(Visit visit) {
        open.merge(visit.host(), -1, Integer::sum);
    }

    private Stream<Visit> where(Predicate<Visit> condition) {
        return visits.stream().filter(condition);
    }

    private Stream<Visit> contents(String path) {
        return where(visit -> visit.file().equals(path) && visit.status() / 100 == 2);
    }

    private static long sum(Stream<Visit> some) {
        return some.mapToLong(Visit::bytes).sum();
    }

    private static boolean shows(Request request, String secret) {
        return request.mentions(secret)
                || request.body().contains(secret)
                || request.headers().map().values().stream()
                        .flatMap(List::stream)
                        .anyMatch(value -> value.contains(secret));
    }
}
