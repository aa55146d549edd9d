package dev.modelfetch.micrometer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.FetchProgress.Phase;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Probe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Measures the jobs of every {@link dev.modelfetch.Modelfetch} that was built with it as a listener, in every registry
 * it was bound to; what happens before it is bound is lost. Thread-safe.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@code modelfetch.jobs}</td><td>timer</td><td>{@code outcome}: {@code success}, {@code failure} or {@code
 * cancelled}; {@code error}: {@link FetchException#kind()}, else {@code none}</td><td>jobs that have ended, from being
 * asked for to their end</td></tr>
 * <tr><td>{@code modelfetch.jobs.queued}</td><td>gauge</td><td></td><td>jobs whose turn has not come</td></tr>
 * <tr><td>{@code modelfetch.jobs.active}</td><td>gauge</td><td>{@code phase}: {@code choosing}, {@code fetching} or
 * {@code waiting}</td><td>jobs at work</td></tr>
 * <tr><td>{@code modelfetch.probes}</td><td>timer</td><td>{@code source}; {@code verdict}: {@link
 * dev.modelfetch.Verdict.Kind#word()}</td><td>what sources answered, and how soon</td></tr>
 * <tr><td>{@code modelfetch.bytes.received}</td><td>counter, bytes</td><td>{@code source}</td><td>over the network,
 * wrong ones too</td></tr>
 * <tr><td>{@code modelfetch.bytes.reused}</td><td>counter, bytes</td><td></td><td>found on disk by jobs that ended
 * well</td></tr>
 * <tr><td>{@code modelfetch.files.published}</td><td>counter</td><td>{@code verification}: who vouches, {@link
 * dev.modelfetch.Verification#word()}</td><td>files fetched, hashed and given their final name</td></tr>
 * <tr><td>{@code modelfetch.verification.failures}</td><td>counter</td><td></td><td>files whose bytes had another digest
 * than the listing names</td></tr>
 * <tr><td>{@code modelfetch.source.retries}</td><td>counter</td><td>{@code source}</td><td>requests made
 * again</td></tr>
 * <tr><td>{@code modelfetch.source.leaves}</td><td>counter</td><td>{@code source}</td><td>data hosts that were left for
 * being slow, silent or broken</td></tr>
 * <tr><td>{@code modelfetch.source.switches}</td><td>counter</td><td>{@code source}: the new one</td><td>files whose only
 * source became another one</td></tr>
 * <tr><td>{@code modelfetch.outages}</td><td>timer</td><td></td><td>how long jobs waited for a network that came
 * back</td></tr>
 * </table>
 *
 * <p>The values of these tags are few, whatever is fetched. No meter knows a repository, a path or a job, unless the
 * last constructor is told so.
 */
public final class ModelfetchMetrics implements MeterBinder, Function<FetchJob, FetchListener> {

    private static final String NAME = "modelfetch.";
    private static final List<Phase> AT_WORK = List.of(Phase.CHOOSING, Phase.FETCHING, Phase.WAITING);

    private final Tags tags;
    private final Function<? super FetchRequest, ? extends Iterable<Tag>> ofRequest;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final Set<FetchJob> living = ConcurrentHashMap.newKeySet();

    public ModelfetchMetrics() {
        this(Tags.empty());
    }

    /** @param tags of all meters */
    public ModelfetchMetrics(Iterable<Tag> tags) {
        this(tags, request -> Tags.empty());
    }

    /**
     * Every value that {@code ofRequest} names makes a set of meters that stays: good for a dozen known models.
     *
     * @param tags of all meters
     * @param ofRequest further tags of what is not a gauge; always of the same keys
     */
    public ModelfetchMetrics(Iterable<Tag> tags, Function<? super FetchRequest, ? extends Iterable<Tag>> ofRequest) {
        this.tags = Tags.of(tags);
        this.ofRequest = Objects.requireNonNull(ofRequest);
    }

    /** From now on also there; a second time changes nothing. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (registries.contains(registry)) {
            return;
        }
        Gauge.builder(NAME + "jobs.queued", this, metrics -> metrics.count(Phase.QUEUED))
                .description("Jobs whose turn has not come")
                .tags(tags)
                .register(registry);
        for (Phase phase : AT_WORK) {
            Gauge.builder(NAME + "jobs.active", this, metrics -> metrics.count(phase))
                    .description("Jobs at work")
                    .tags(tags.and("phase", phase.word()))
                    .register(registry);
        }
        registries.add(registry);
    }

    private long count(Phase phase) {
        return living.stream().filter(job -> job.progress().phase() == phase).count();
    }

    /** For {@link dev.modelfetch.Modelfetch.Builder#listener}. */
    @Override
    public FetchListener apply(FetchJob job) {
        Measured measured = new Measured(job, tags.and(ofRequest.apply(job.request())));
        living.add(job);
        return measured;
    }

    /** One job. */
    private final class Measured implements FetchListener {

        private final FetchJob job;
        private final Tags own;
        private final long begunNanos = System.nanoTime();

        Measured(FetchJob job, Tags own) {
            this.job = job;
            this.own = own;
        }

        @Override
        public void onEvent(FetchEvent event) {
            if (event instanceof FetchEvent.Probed probed) {
                Probe probe = probed.probe();
                time(
                        "probes",
                        "What sources answered, and how soon",
                        Tags.of(
                                "source",
                                probe.source(),
                                "verdict",
                                probe.verdict().kind().word()),
                        Duration.ofMillis(probe.millis()));
            } else if (event instanceof FetchEvent.Progress progress) {
                progress.received().forEach(this::received);
            } else if (event instanceof FetchEvent.FileDone done) {
                if (!done.file().reused()) {
                    count(
                            "files.published",
                            "Files fetched, hashed and given their final name",
                            Tags.of("verification", done.file().verified().word()));
                }
            } else if (event instanceof FetchEvent.Verified verified) {
                if (!verified.ok()) {
                    count("verification.failures", "Files whose bytes had another digest than listed", Tags.empty());
                }
            } else if (event instanceof FetchEvent.Retrying retrying) {
                count("source.retries", "Requests made again", Tags.of("source", retrying.source()));
            } else if (event instanceof FetchEvent.SourceLeft left) {
                count("source.leaves", "Data hosts that were left", Tags.of("source", left.source()));
            } else if (event instanceof FetchEvent.SourceSwitched switched) {
                count("source.switches", "Files whose only source became another", Tags.of("source", switched.to()));
            } else if (event instanceof FetchEvent.Resumed resumed) {
                time(
                        "outages",
                        "How long jobs waited for a network that came back",
                        Tags.empty(),
                        Duration.between(resumed.since(), resumed.at()));
            } else if (event instanceof FetchEvent.Done done) {
                bytes(
                        "bytes.reused",
                        "Found on disk",
                        Tags.empty(),
                        done.result().bytesReused());
                end("success", "none");
            } else if (event instanceof FetchEvent.Failed failed) {
                end(
                        failed.error() instanceof FetchException.Cancelled ? "cancelled" : "failure",
                        failed.error().kind());
            }
        }

        private void end(String outcome, String error) {
            living.remove(job);
            time(
                    "jobs",
                    "Jobs that have ended",
                    Tags.of("outcome", outcome, "error", error),
                    Duration.ofNanos(System.nanoTime() - begunNanos));
        }

        private void received(String source, long bytes) {
            bytes("bytes.received", "Over the network", Tags.of("source", source), bytes);
        }

        private void bytes(String name, String what, Tags more, long bytes) {
            inAll(registry -> Counter.builder(NAME + name)
                    .description(what)
                    .baseUnit(BaseUnits.BYTES)
                    .tags(own.and(more))
                    .register(registry)
                    .increment((double) bytes));
        }

        private void count(String name, String what, Tags more) {
            inAll(registry -> Counter.builder(NAME + name)
                    .description(what)
                    .tags(own.and(more))
                    .register(registry)
                    .increment());
        }

        private void time(String name, String what, Tags more, Duration duration) {
            inAll(registry -> Timer.builder(NAME + name)
                    .description(what)
                    .tags(own.and(more))
                    .register(registry)
                    .record(duration));
        }

        private void inAll(Consumer<MeterRegistry> action) {
            registries.forEach(action);
        }
    }
}
