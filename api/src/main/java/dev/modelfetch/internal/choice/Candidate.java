package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One source in a race: asked and listed at most once, its answers kept. Thread-safe. */
public final class Candidate {

    /** What came of asking. */
    public record Answer(
            Verdict verdict, long millis, @Nullable Resolved resolved) {}

    private final Source hub;
    private final Repo repo;
    private final @Nullable String revision;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private @Nullable CompletableFuture<Manifest> listing;
    private volatile long startedNanos;
    private volatile boolean started;

    public Candidate(Source hub, Repo repo, @Nullable String revision) {
        this.hub = hub;
        this.repo = repo;
        this.revision = revision;
    }

    public Source hub() {
        return hub;
    }

    /** Asks on another thread; a second call changes nothing. */
    public synchronized CompletableFuture<Answer> start(Executor executor) {
        if (!started) {
            started = true;
            startedNanos = System.nanoTime();
            executor.execute(() -> answer.complete(ask()));
        }
        return answer;
    }

    /**
     * Lists what it has resolved, as soon as it has; a second call returns the same.
     *
     * @return ends with a {@link SourceException} inside a {@link CompletionException} if it cannot
     */
    public synchronized CompletableFuture<Manifest> list(Executor executor) {
        if (listing == null) {
            listing = start(executor).thenApplyAsync(this::list, executor);
        }
        return listing;
    }

    private Manifest list(Answer answer) {
        Resolved resolved = answer.resolved();
        if (resolved == null) {
            throw new CompletionException(new SourceException(answer.verdict()));
        }
        try {
            return hub.source().list(resolved);
        } catch (SourceException e) {
            throw new CompletionException(e);
        } catch (RuntimeException e) {
            // As in a race: a source that breaks must not take the job with it.
            Verdict broken = new Verdict.Down(hub + " failed: " + e, false);
            throw new CompletionException(new SourceException(broken, e));
        }
    }

    private Answer ask() {
        try {
            Resolved resolved = hub.source().resolve(repo, revision);
            return new Answer(new Verdict.Usable(resolved.commit()), millis(), resolved);
        } catch (SourceException e) {
            return new Answer(e.verdict(), millis(), null);
        } catch (FetchException e) {
            return new Answer(new Verdict.Blocked(String.valueOf(e.getMessage())), millis(), null);
        } catch (RuntimeException e) {
            // A third-party source that breaks must not take the race with it.
            return new Answer(new Verdict.Down(hub.id() + " failed: " + e, false), millis(), null);
        }
    }

    public boolean isStarted() {
        return started;
    }

    /** Empty while it has not answered. */
    public Optional<Answer> answer() {
        return Optional.ofNullable(answer.getNow(null));
    }

    public Optional<Resolved> resolved() {
        return answer().map(Answer::resolved);
    }

    public boolean isUsable() {
        return resolved().isPresent();
    }

    public boolean isPending() {
        return started && !answer.isDone();
    }

    /** The verdict as it stands; a probe still under way counts as unanswered after the time it has had. */
    public Probe probe() {
        Answer now = answer().orElseGet(() -> new Answer(
                new Verdict.Down(started ? "no answer yet, not waited for" : "not asked", false),
                started ? millis() : 0,
                null));
        return new Probe(hub.id(), Redact.url(hub.profile().endpoint()), hub.route(), now.verdict(), now.millis());
    }

    private long millis() {
        return Duration.ofNanos(System.nanoTime() - startedNanos).toMillis();
    }
}
