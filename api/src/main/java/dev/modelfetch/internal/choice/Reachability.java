package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.run.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Asks every source, and waits for all of them. */
public final class Reachability {

    private final List<Candidate> candidates;
    private final Duration patience;

    /** @param patience whoever has not answered by then is reported as such */
    public Reachability(List<Source> sources, Repo repo, @Nullable String revision, Duration patience) {
        this.candidates = sources.stream()
                .filter(source -> source.line().role() != Line.Role.SPARE)
                .map(source -> new Candidate(source, repo, revision))
                .toList();
        this.patience = patience;
    }

    /** Why those were not asked that were allowed. */
    public static List<Probe> spared(List<Source> allowed, List<Source> asked) {
        return allowed.stream()
                .filter(source -> !asked.contains(source) && source.line().role() == Line.Role.FIRST)
                .map(source -> new Probe(
                        source.id(),
                        Redact.url(source.profile().endpoint()),
                        source.route(),
                        new Verdict.NotAsked("a token is in play, and the name may be private"),
                        0))
                .toList();
    }

    /** What every source says of the repository; each answer is told when it comes. */
    public List<Probe> ofRepository(Executor executor, Events events) throws InterruptedException {
        return asked(executor, events, UnaryOperator.identity());
    }

    /** Whether the hubs answer at all: one that says in its own words that it does not have a repository does. */
    public List<Probe> ofHubs(Executor executor, Events events) throws InterruptedException {
        return asked(executor, events, Reachability::ofHub);
    }

    private List<Probe> asked(Executor executor, Events events, UnaryOperator<Probe> meaning)
            throws InterruptedException {
        CompletableFuture<?>[] answers = candidates.stream()
                .map(candidate -> candidate
                        .ask(executor)
                        .thenRun(() -> events.emit(at -> new FetchEvent.Probed(at, meaning.apply(candidate.probe())))))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(answers).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Said by the probes.
        }
        return candidates.stream().map(Candidate::probe).map(meaning).toList();
    }

    private static Probe ofHub(Probe probe) {
        return switch (probe.verdict().kind()) {
            case NOT_HERE, NEEDS_AUTH ->
                new Probe(probe.source(), probe.endpoint(), probe.route(), new Verdict.Usable(""), probe.millis());
            case USABLE, ALIAS, BLOCKED, LIMITED, DOWN, BROKEN, NOT_ASKED -> probe;
        };
    }
}
