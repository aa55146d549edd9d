package dev.modelfetch.serve;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchListener;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What has been counted since the start, by name and label. Thread-safe. */
final class Figures implements FetchListener {

    private static final String NAME = "modelfetch_";

    /** Every counter there is, with what it counts. */
    private static final Map<String, String> HELP = new TreeMap<>(Map.of(
            "requests_total", "Requests answered, by status.",
            "served_bytes_total",
                    "Bytes of files sent to clients, by where they were: store, filling or, without room, passage.",
            "origin_bytes_total", "Bytes received from sources, by source.",
            "files_total", "Files asked for, by what was there: store, filling or passage.",
            "digest_failures_total", "Files whose bytes did not match, and were fetched again.",
            "tainted_readers_total", "Readers that had been sent wrong bytes and were cut off.",
            "unverified_ranges_total", "Ranges that were sent before all of their file was verified.",
            "refused_by_policy_total", "Requests refused by a rule of the policy.",
            "aborted_reads_total", "Files that were not sent to their end: clients gone, sources away."));

    private final Map<String, Map<String, LongAdder>> counters = new ConcurrentHashMap<>();

    private final Histogram requests = new Histogram();
    private final Histogram firstBytes = new Histogram();

    /**
     * Measures how long it takes until a request is answered, and a file begun.
     *
     * @param sinceNanos when it came
     */
    Reply timed(Reply reply, long sinceNanos) {
        if (!reply.isFile()) {
            requests.add(since(sinceNanos));
            return reply;
        }
        return reply.also(new Reply.Ending() {
            @Override
            public void begun() {
                firstBytes.add(since(sinceNanos));
            }

            @Override
            public void ended(long sent, @Nullable Exception failure) {
                requests.add(since(sinceNanos));
            }
        });
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    void add(String counter, String label, long count) {
        counters.computeIfAbsent(counter, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(label, any -> new LongAdder())
                .add(count);
    }

    long sum(String counter) {
        return counters.getOrDefault(counter, Map.of()).values().stream()
                .mapToLong(LongAdder::sum)
                .sum();
    }

    long value(String counter, String label) {
        LongAdder adder = counters.getOrDefault(counter, Map.of()).get(label);
        return adder == null ? 0 : adder.sum();
    }

    @Override
    public void onEvent(FetchEvent event) {
        if (event instanceof FetchEvent.Progress progress) {
            progress.received().forEach((source, bytes) -> add("origin_bytes_total", source(source), bytes));
        } else if (event instanceof FetchEvent.Verified verified && !verified.ok()) {
            add("digest_failures_total", "", 1);
        }
    }

    private static String source(String id) {
        return "source=\"" + id + "\"";
    }

    /** As Prometheus reads it, version 0.0.4 of its text. */
    String text(Map<String, Long> gauges) {
        StringBuilder out = new StringBuilder();
        HELP.forEach((counter, help) -> {
            head(out, counter, help, "counter");
            Map<String, LongAdder> values = new TreeMap<>(counters.getOrDefault(counter, Map.of()));
            if (values.isEmpty()) {
                line(out, counter, "", 0);
            }
            values.forEach((label, value) -> line(out, counter, label, value.sum()));
        });
        head(out, "request_seconds", "From a request to the end of its answer.", "histogram");
        requests.text(out, NAME + "request_seconds");
        head(out, "first_byte_seconds", "From a request for a file to the first byte of it.", "histogram");
        firstBytes.text(out, NAME + "first_byte_seconds");
        new TreeMap<>(gauges).forEach((gauge, value) -> {
            head(out, gauge, gauge.replace('_', ' ') + ".", "gauge");
            line(out, gauge, "", value);
        });
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ").append(NAME).append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(NAME).append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder out, String name, String label, long value) {
        out.append(NAME).append(name);
        if (!label.isEmpty()) {
            out.append('{').append(label).append('}');
        }
        out.append(' ').append(value).append('\n');
    }
}
