package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.LockFile;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.net.Backoff;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs races until somebody is usable or it is clear that nobody will be. */
public final class Resolver {

    private final FetchRequest request;
    private final List<Source> allowed;
    private final Executor executor;
    private final Events events;

    public Resolver(FetchRequest request, List<Source> allowed, Executor executor, Events events) {
        this.request = request;
        this.allowed = List.copyOf(allowed);
        this.executor = executor;
        this.events = events;
    }

    /**
     * @return with at least one usable source
     * @throws FetchException if no source has it, with all causes
     */
    public Candidates resolve() throws InterruptedException {
        Race.Order order = order();
        List<Candidate> entrants =
                new ArrayList<>(allowed.stream().map(this::entrant).toList());
        List<Candidate> asking = entrants;
        for (int round = 1; ; round++) {
            new Race(order, executor, events).run(asking);
            Candidates field = new Candidates(entrants, order);
            List<Candidate> again =
                    entrants.stream().filter(Resolver::mayBeUsableSoon).toList();
            Optional<Duration> pause =
                    round < Limits.ROUNDS && !again.isEmpty() ? pause(again, round) : Optional.empty();
            if (!field.ranked().isEmpty()) {
                return field;
            }
            if (pause.isEmpty()) {
                throw withoutTheOthers(NoSource.explain(request.repo() + revisionWords(), field.probes()), field);
            }
            Thread.sleep(pause.get().toMillis());
            asking = again.stream().map(entrant -> entrant(entrant.hub())).toList();
            entrants.removeAll(again);
            entrants.addAll(asking);
        }
    }

    /** Where a token kept the other sources out, the person should hear of it, and of the way around. */
    private static FetchException withoutTheOthers(FetchException e, Candidates field) {
        List<String> kept = field.entrants().stream()
                .filter(entrant -> !entrant.isStarted())
                .map(entrant -> entrant.hub().id())
                .toList();
        if (kept.isEmpty() || !(e instanceof FetchException.Unreachable)) {
            return e;
        }
        String others = String.join(", ", kept);
        return new FetchException.Unreachable(
                        e.getMessage() + " Not asked, because a token is configured and the name may be private: "
                                + others + ".",
                        "If the repository is public, name a source yourself, for example --source " + kept.get(0)
                                + ". " + e.hint())
                .withProbes(e.probes());
    }

    /** Whether the job may turn to a source that is not excluded; for that, those the race ended without are asked. */
    public boolean findOthers(Candidates field, Set<Source> excluded) throws InterruptedException {
        if (!field.hasOthers(excluded)) {
            new Race(field.order(), executor, events).run(field.notAsked());
        }
        return field.hasOthers(excluded);
    }

    private Candidate entrant(Source hub) {
        return new Candidate(hub, request.repo(), revisionAt(hub));
    }

    /** A lock file names a commit of one family; other families are asked for their default and compared by digest. */
    private @Nullable String revisionAt(Source hub) {
        LockFile lock = request.locked().orElse(null);
        if (lock == null) {
            return request.revision().orElse(null);
        }
        return lock.family().equals(hub.profile().family()) ? lock.commit() : null;
    }

    private Race.Order order() {
        if (allowed.stream().anyMatch(Source::hasToken)) {
            return Race.Order.STRICT;
        }
        return request.source() instanceof SourceChoice.Only ? Race.Order.AS_LISTED : Race.Order.BY_COST;
    }

    /** The token's own source is asked first. */
    public static List<Source> inOrder(List<Source> allowed, SourceChoice choice) {
        List<Source> ordered = new ArrayList<>(allowed);
        if (choice instanceof SourceChoice.Auto) {
            ordered.sort(java.util.Comparator.comparing(hub -> !hub.hasToken()));
        }
        return ordered;
    }

    private static boolean mayBeUsableSoon(Candidate entrant) {
        return entrant.answer()
                .filter(answer -> answer.verdict().retryable())
                .filter(answer -> answer.verdict().kind() == Verdict.Kind.LIMITED
                        || ((Verdict.Down) answer.verdict()).answered()
                        || answer.millis() < Limits.QUICK_FAILURE_MILLIS)
                .isPresent();
    }

    private static Optional<Duration> pause(List<Candidate> again, int round) {
        Optional<Duration> asked = again.stream()
                .map(entrant -> entrant.probe().verdict())
                .filter(verdict -> verdict instanceof Verdict.Limited)
                .map(verdict -> ((Verdict.Limited) verdict).pause())
                .min(Duration::compareTo);
        boolean allLimited = again.stream().allMatch(entrant -> entrant.probe().verdict() instanceof Verdict.Limited);
        return Backoff.next(round - 1, allLimited ? asked : Optional.empty(), RandomGenerator.getDefault());
    }

    private String revisionWords() {
        return request.revision().map(revision -> " at revision " + revision).orElse("");
    }
}
