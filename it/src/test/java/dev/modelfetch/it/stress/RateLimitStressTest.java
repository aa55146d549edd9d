package dev.modelfetch.it.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The limit on the whole way, over several files with several connections each: what arrives in any five seconds, as the
 * progress of all files tells to a fortieth of a second. The exact law is in {@code ThrottleTest}.
 */
@Tag("stress")
class RateLimitStressTest {

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);
    private static final int SECONDS = 16;
    private static final int FILES = 4;

    @TempDir
    Path home;

    /** How many bytes had arrived at a time. */
    private record Mark(long nanos, long bytes) {}

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 100_000_000})
    void theRateHoldsInAnyFiveSeconds(long rate) {
        Repository model = Repository.model("acme-lab/limited");
        for (int i = 0; i < FILES; i++) {
            // Equal contents would be stored once.
            model = model.lfs("part-" + i + ".bin", Content.repeated(61 + i, rate * SECONDS / FILES));
        }
        List<Mark> marks = new ArrayList<>();
        try (MiniHubs hubs = MiniHubs.start(model)) {
            Snapshot result = fetch(hubs, model, rate, marks);

            assertThat(result.bytesFetched()).isEqualTo(rate * SECONDS);
            // Or there would be nothing to hold together.
            assertThat(hubs.ledger().peak("huggingface-data")).isGreaterThanOrEqualTo(FILES);
        }

        assertThat(most(marks)).isLessThanOrEqualTo(rate * 5 * 110 / 100);
        assertThat(least(marks)).isGreaterThanOrEqualTo(rate * 5 * 90 / 100);
    }

    private Snapshot fetch(MiniHubs hubs, Repository model, long rate, List<Mark> marks) {
        Modelfetch.Builder builder = Modelfetch.builder().environment(Map.of("HOME", home.toString()));
        hubs.endpoints().forEach(builder::endpoint);
        Map<String, Long> done = new HashMap<>();
        try (Modelfetch modelfetch = builder.build()) {
            FetchRequest request = modelfetch
                    .request(model.id())
                    .source(SourceChoice.only("huggingface"))
                    .maxWorkers(FILES)
                    .bytesPerSecond(rate)
                    .build();
            return modelfetch.fetch(request, event -> {
                // The start counts, for the burst that may follow it.
                if (event instanceof FetchEvent.FileStarted started) {
                    mark(marks, done, started.path(), 0);
                } else if (event instanceof FetchEvent.Progress progress) {
                    mark(marks, done, progress.path(), progress.done());
                }
            });
        }
    }

    private static void mark(List<Mark> marks, Map<String, Long> done, String path, long bytes) {
        synchronized (marks) {
            done.merge(path, bytes, Math::max);
            long sum = done.values().stream().mapToLong(Long::longValue).sum();
            marks.add(new Mark(System.nanoTime(), sum));
        }
    }

    private static long most(List<Mark> marks) {
        long most = 0;
        int from = 0;
        for (Mark mark : marks) {
            while (mark.nanos() - marks.get(from).nanos() > WINDOW) {
                from++;
            }
            most = Math.max(most, mark.bytes() - marks.get(from).bytes());
        }
        return most;
    }

    private static long least(List<Mark> marks) {
        long least = Long.MAX_VALUE;
        int from = 0;
        for (Mark mark : marks) {
            while (mark.nanos() - marks.get(from).nanos() >= WINDOW) {
                least = Math.min(least, mark.bytes() - marks.get(from++).bytes());
            }
        }
        return least;
    }
}
