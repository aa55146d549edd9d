package dev.modelfetch.internal.choice;

import dev.modelfetch.Repo;
import dev.modelfetch.Sample;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Has every source send the beginning of a file, all at once. */
public final class Sampling {

    private final Repo repo;
    private final @Nullable String revision;
    private final ExecutorService executor;
    private final long untilNanos = System.nanoTime() + Limits.EXAMINATION.toNanos();

    public Sampling(Repo repo, @Nullable String revision, ExecutorService executor) {
        this.repo = repo;
        this.revision = revision;
        this.executor = executor;
    }

    /** Of those that have the repository; who is not done in time has nothing to show. */
    public List<Sample> of(List<Source> sources) throws InterruptedException {
        List<Callable<Optional<Sample>>> questions = new ArrayList<>();
        for (Source source : sources) {
            if (source.line().role() != Line.Role.SPARE) {
                questions.add(() -> of(source));
            }
        }
        List<Sample> samples = new ArrayList<>();
        for (Future<Optional<Sample>> asked : executor.invokeAll(
                questions, Limits.EXAMINATION.plus(Limits.FAREWELL).toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                asked.get().ifPresent(samples::add);
            } catch (CancellationException | ExecutionException e) {
                // Took too long, or broke: it has nothing to show.
            }
        }
        return samples;
    }

    private Optional<Sample> of(Source source) throws InterruptedException {
        Candidate candidate = new Candidate(source, repo, revision);
        try {
            Resolved resolved = candidate
                    .ask(executor)
                    .get(left().toNanos(), TimeUnit.NANOSECONDS)
                    .resolved();
            return resolved == null ? Optional.empty() : Optional.of(of(source, resolved));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private Sample of(Source source, Resolved resolved) throws InterruptedException {
        URI endpoint = source.profile().endpoint();
        try {
            return source.call(
                            "the beginning of a file",
                            () -> new FirstByte(source, Endpoints.web(endpoint), Limits.SAMPLE, left()).of(resolved))
                    .await(left())
                    .map(sender -> new Sample(
                            source.id(),
                            sender.at()
                                    .map(Endpoints::name)
                                    .map(source.line()::textFor)
                                    .orElse(source.route()),
                            sender.at().map(Endpoints::name),
                            sender.bytes(),
                            sender.took().toMillis(),
                            Optional.empty()))
                    .orElseGet(() -> failed(source, new Verdict.NotHere(Verdict.What.FILE, "has no file with bytes")));
        } catch (SourceException e) {
            return failed(source, e.verdict());
        }
    }

    private static Sample failed(Source source, Verdict why) {
        return new Sample(source.id(), source.route(), Optional.empty(), 0, 0, Optional.of(why));
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime()));
    }
}
