package dev.modelfetch.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Probe;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ModelfetchMetricsTest {

    private static final byte[] WEIGHTS = Bytes.random(5_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final FileHost host = new FileHost().holds("model.bin", WEIGHTS).holds("config.json", CONFIG);
    private final FakeSource origin = FakeSource.huggingface(host.url())
            .listing(Bytes.large("model.bin", WEIGHTS), Bytes.small("config.json", CONFIG));
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        host.close();
    }

    private Modelfetch modelfetch(ModelfetchMetrics metrics) {
        return Modelfetch.builder()
                .cacheDirectory(home.resolve("hub"))
                .withoutDiscovery()
                .provider(FakeProvider.of(origin))
                .maxJobs(1)
                .listener(metrics)
                .build();
    }

    private ModelfetchMetrics bound() {
        ModelfetchMetrics metrics = new ModelfetchMetrics();
        metrics.bindTo(registry);
        return metrics;
    }

    private static FetchRequest request() {
        return FetchRequest.builder(FakeSource.REPO).build();
    }

    @Test
    void aJobIsMeasuredFromItsQuestionsToItsFiles() {
        // As the package page has it.
        ModelfetchMetrics metrics = new ModelfetchMetrics();
        metrics.bindTo(registry);
        try (Modelfetch modelfetch = modelfetch(metrics)) {
            modelfetch.fetch(request());
            modelfetch.fetch(request());
        }

        assertThat(registry.get("modelfetch.jobs")
                        .tags("outcome", "success", "error", "none")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("modelfetch.bytes.received")
                        .tags("source", "huggingface")
                        .counter()
                        .count())
                .isEqualTo(WEIGHTS.length + CONFIG.length);
        assertThat(registry.get("modelfetch.bytes.reused").counter().count()).isEqualTo(WEIGHTS.length + CONFIG.length);
        assertThat(registry.get("modelfetch.files.published")
                        .tags("verification", "origin")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("modelfetch.probes")
                        .tags("source", "huggingface", "verdict", "usable")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void aFailureIsCountedByItsKind() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));

        try (Modelfetch modelfetch = modelfetch(bound())) {
            assertThatThrownBy(() -> modelfetch.fetch(request())).isInstanceOf(FetchException.NotFound.class);
        }

        assertThat(registry.get("modelfetch.jobs")
                        .tags("outcome", "failure", "error", "not-found")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("modelfetch.probes")
                        .tags("source", "huggingface", "verdict", "not-here")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void jobsUnderWayAreSeenAndNothingIsLeftOfThem() throws InterruptedException {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        host.answers("/files/model.bin", request -> {
            sent.countDown();
            return FileHost.stallAfter(100, WEIGHTS, never).to(request);
        });
        FetchRequest weights = request().toBuilder()
                .selection(Selection.of(List.of("model.bin"), List.of(), List.of()))
                .build();

        try (Modelfetch modelfetch = modelfetch(bound())) {
            FetchJob active = modelfetch.start(weights);
            FetchJob queued = modelfetch.start(request());
            assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(() -> {
                assertThat(registry.get("modelfetch.jobs.active")
                                .tags("phase", "fetching")
                                .gauge()
                                .value())
                        .isEqualTo(1);
                assertThat(registry.get("modelfetch.jobs.queued").gauge().value())
                        .isEqualTo(1);
            });
            active.cancel();
            queued.cancel();
            assertThat(active.awaitEnd(Duration.ofSeconds(60))).isTrue();
            assertThat(queued.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            never.countDown();
        }

        assertThat(registry.get("modelfetch.jobs")
                        .tags("outcome", "cancelled", "error", "interrupted")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(registry.find("modelfetch.jobs.active").gauges())
                .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        assertThat(registry.get("modelfetch.jobs.queued").gauge().value()).isZero();
    }

    @Test
    void whatSourcesDoWrongIsCountedByThem() {
        ModelfetchMetrics metrics = bound();
        try (Modelfetch modelfetch = modelfetch(metrics)) {
            FetchListener listener = metrics.apply(modelfetch.start(request()));
            listener.onEvent(new FetchEvent.Retrying(NOON, "a", "mirror", "HTTP 503", Duration.ZERO));
            listener.onEvent(new FetchEvent.SourceLeft(NOON, "mirror", "cdn.test", "silent", NOON));
            listener.onEvent(new FetchEvent.SourceSwitched(NOON, "a", "mirror", "modelscope", "silent"));
            listener.onEvent(new FetchEvent.Verified(NOON, "a", false, "other bytes"));
            listener.onEvent(new FetchEvent.Verified(NOON, "a", true, ""));
            listener.onEvent(new FetchEvent.Resumed(NOON.plusSeconds(40), NOON, "mirror"));
            listener.onEvent(new FetchEvent.Progress(
                    NOON, "a", 7, 9, List.of("mirror"), Map.of("mirror", 5L, "modelscope", 2L)));
        }

        assertThat(count("modelfetch.source.retries", "source", "mirror")).isEqualTo(1);
        assertThat(count("modelfetch.source.leaves", "source", "mirror")).isEqualTo(1);
        assertThat(count("modelfetch.source.switches", "source", "modelscope")).isEqualTo(1);
        assertThat(count("modelfetch.verification.failures")).isEqualTo(1);
        assertThat(count("modelfetch.bytes.received", "source", "mirror")).isEqualTo(5);
        assertThat(count("modelfetch.bytes.received", "source", "modelscope")).isEqualTo(2);
        assertThat(registry.get("modelfetch.outages").timer().totalTime(TimeUnit.SECONDS))
                .isCloseTo(40, within(0.001));
        assertThat(registry.get("modelfetch.bytes.received").counter().getId().getBaseUnit())
                .isEqualTo("bytes");
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void noMeterKnowsWhatIsFetchedUnlessToldSo() {
        MeterRegistry told = new SimpleMeterRegistry();
        ModelfetchMetrics named = new ModelfetchMetrics(
                Tags.of("service", "chat"),
                request -> Tags.of("repo", request.repo().id()));
        named.bindTo(told);

        try (Modelfetch modelfetch = modelfetch(bound())) {
            modelfetch.fetch(request());
        }
        try (Modelfetch modelfetch = modelfetch(named)) {
            modelfetch.fetch(request());
        }

        assertThat(keys(registry))
                .containsExactlyInAnyOrder("outcome", "error", "phase", "source", "verdict", "verification");
        assertThat(told.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getTag("service")).isEqualTo("chat"));
        assertThat(told.get("modelfetch.jobs").timer().getId().getTag("repo")).isEqualTo("demo-lab/tiny-gpt");
    }

    private static Set<String> keys(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .flatMap(id -> id.getTags().stream())
                .map(Tag::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void eachRegistryHearsOfEverythingOnce() {
        MeterRegistry other = new SimpleMeterRegistry();
        ModelfetchMetrics metrics = bound();
        metrics.bindTo(other);
        metrics.bindTo(registry);

        try (Modelfetch modelfetch = modelfetch(metrics)) {
            modelfetch.fetch(request());
        }

        assertThat(registry.get("modelfetch.jobs").timer().count()).isEqualTo(1);
        assertThat(other.get("modelfetch.jobs").timer().count()).isEqualTo(1);
    }

    @Test
    void tagsThatCannotBeHadLeaveTheJobAlone() {
        ModelfetchMetrics metrics = new ModelfetchMetrics(Tags.empty(), request -> {
            throw new IllegalStateException("no tags");
        });
        metrics.bindTo(registry);

        try (var quiet = new dev.modelfetch.internal.testing.QuietLog(dev.modelfetch.internal.engine.Engine.class);
                Modelfetch modelfetch = modelfetch(metrics)) {
            Snapshot snapshot = modelfetch.fetch(request());
            assertThat(snapshot.files()).hasSize(2);
        }

        assertThat(registry.get("modelfetch.jobs.queued").gauge().value()).isZero();
    }

    @Test
    void theProbeOfOneWhoKeepsSilentIsTimedToo() {
        ModelfetchMetrics metrics = bound();
        try (Modelfetch modelfetch = modelfetch(metrics)) {
            metrics.apply(modelfetch.start(request()))
                    .onEvent(new FetchEvent.Probed(
                            NOON,
                            new Probe(
                                    "mirror",
                                    "https://mirror.test",
                                    "direct",
                                    new Verdict.Down("silent", false),
                                    2_800)));
        }

        assertThat(registry.get("modelfetch.probes")
                        .tags("source", "mirror", "verdict", "down")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2_800);
    }
}
