package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Identity;
import dev.modelfetch.LockFile;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.Probe;
import dev.modelfetch.RepoFile;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.memory.History;
import dev.modelfetch.internal.run.Events;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the manifest a job will deliver, and the next one when that came to nothing. It goes on while anybody has not
 * been asked or may still answer, and gives up only when nothing is under way and nothing is left:
 *
 * <ol>
 *   <li>{@link Race Asks} until somebody will do.
 *   <li>Has the best of them {@link Listings list}: the origin if it answered in time, else the best ranked. Who stays
 *       silent is not waited for while another can be asked, but taken when the manifest comes before anybody else's.
 *   <li>Where a catalogue of other names answered, has it {@link Namesake proved}.
 *   <li>Whoever fails at one of these is out, and the rest go on.
 *   <li>Whoever still lists when the job's patience is over is out.
 *   <li>Nobody left, but somebody may be usable soon: asks those again, at most twice. Once somebody has answered, as
 *       often as the job's patience allows.
 * </ol>
 *
 * Used by one thread.
 */
public final class Choice {

    private final FetchRequest request;
    private final Candidates candidates;
    private final Race race;
    private final Listings listings;
    private final Executor executor;
    private final @Nullable Discretion discretion;
    private final Patience patience;
    private final Failures failures = new Failures();
    private final Set<Candidate> silent = new LinkedHashSet<>();
    private final Rounds rounds;

    /**
     * @param allowed in the order in which they are asked
     * @param race how long one source may take for its first answer
     * @param patience of the job
     * @param begunNanos when the job was begun, on the clock of {@link System#nanoTime}
     */
    public Choice(
            FetchRequest request,
            List<Source> allowed,
            Executor executor,
            Events events,
            Duration race,
            Patience patience,
            long begunNanos) {
        this(
                request,
                candidates(request, allowed, begunNanos),
                executor,
                events,
                race,
                patience,
                Discretion.of(request, allowed, begunNanos).orElse(null));
    }

    Choice(
            FetchRequest request,
            Candidates candidates,
            Executor executor,
            Events events,
            Duration race,
            Patience patience) {
        this(request, candidates, executor, events, race, patience, null);
    }

    Choice(
            FetchRequest request,
            Candidates candidates,
            Executor executor,
            Events events,
            Duration race,
            Patience patience,
            @Nullable Discretion discretion) {
        this.executor = executor;
        this.discretion = discretion;
        this.request = request;
        this.candidates = candidates;
        this.patience = patience;
        this.race = new Race(candidates, executor, events, race, patience);
        this.rounds = new Rounds(candidates, failures, events, patience);
        this.listings = new Listings(candidates, executor, request.repo().family() == null);
    }

    /**
     * A manifest that is known already: nobody is asked for it. Whoever shares its commits delivers without having to
     * answer anything else, and the others are in reserve.
     *
     * @param request for that commit
     * @throws FetchException.Unreachable if no source of that family may be asked
     */
    public static Chosen known(
            FetchRequest request,
            Manifest manifest,
            Identity identity,
            List<Source> allowed,
            Executor executor,
            long begunNanos) {
        Order order = isStrict(request, allowed, begunNanos) ? Order.STRICT : orderOf(request);
        List<Candidate> asked = allowed.stream()
                .map(source -> new Candidate(
                        source,
                        request.repo(),
                        source.profile().family().equals(manifest.family()) ? manifest.commit() : null,
                        begunNanos,
                        source.history()))
                .toList();
        List<Candidate> inOrder = new ArrayList<>(order == Order.BY_COST ? Candidates.inOrder(asked) : asked);
        // Who has listed it has it, but only whoever has a token may be shown a name that may be private.
        inOrder.sort(Comparator.comparing((Candidate candidate) ->
                        order == Order.STRICT && !candidate.source().hasToken())
                .thenComparing(candidate -> candidate.avoided().isPresent())
                .thenComparing(candidate -> !candidate.source().id().equals(manifest.source())));
        Candidate first = inOrder.stream()
                .filter(candidate -> candidate.family().equals(manifest.family()))
                .findFirst()
                .orElseThrow(() -> new FetchException.Unreachable(
                        request.repo() + " at " + manifest.commit() + " is of " + manifest.family()
                                + ", which may not be asked.",
                        Hint.plain("Allow a source of that family.")));
        inOrder.remove(first);
        inOrder.add(0, first);
        // Nobody hears the name who would not have been asked for it.
        List<Candidate> voices = order == Order.STRICT ? List.of(first) : inOrder;
        return new Chosen(
                first, manifest, identity, "the commit is known", voices, new Candidates(inOrder, order), executor);
    }

    /** What every source asked has said by now. */
    public List<Probe> probes() {
        return candidates.probes();
    }

    /**
     * The next manifest that may be delivered: asked for, listed, proved.
     *
     * @throws FetchException the most helpful reason if there is none, with the others suppressed
     */
    public Chosen next() throws InterruptedException {
        if (discretion != null && candidates.order() == Order.STRICT) {
            discretion.ask(executor, () -> {
                candidates.open(orderOf(request));
                race.wake();
            });
        }
        while (true) {
            race.run(this::willDo);
            Optional<Candidate> best =
                    candidates.byManifestTrust().stream().filter(this::willDo).findFirst();
            if (candidates.all().stream().anyMatch(Choice::hasSpoken)) {
                patience.begin();
            }
            if (best.isPresent()) {
                rounds.answered(best.get());
                Optional<Chosen> chosen = examined(best.get());
                if (chosen.isPresent()) {
                    return chosen.get();
                }
            } else if (!race.isUnderWay()
                    && !listings.awaitAny(silent, patience)
                    && !(discretion != null && discretion.await())
                    && !rounds.askAgain()) {
                throw nobody();
            }
        }
    }

    /** The job is over. Whoever has been asked for long and has said nothing need not be asked by the next one. */
    public void rememberSilent() {
        for (Candidate candidate : candidates.all()) {
            if (candidate.isPending() && candidate.waitedFor().compareTo(Limits.LONG_SILENCE) >= 0) {
                candidate
                        .source()
                        .history()
                        .answered(
                                new Verdict.Down("no answer", false),
                                candidate.waitedFor().toMillis());
            }
        }
    }

    /**
     * The job turns away from that manifest and from those who share it.
     *
     * @throws FetchException at once if nobody else could do better
     */
    public void reject(Chosen chosen, FetchException why) {
        failures.add(why);
        candidates.all().stream()
                .filter(candidate -> candidate == chosen.candidate()
                        || candidate.hasVersionOf(chosen.manifest())
                        || chosen.wasInVain(candidate.source()))
                .forEach(candidate -> {
                    candidate.dismiss();
                    if (passes(why)) {
                        rounds.mayRecover(candidate);
                    }
                });
        if (!Failures.mayEndElsewhere(why) || candidates.order() == Order.STRICT) {
            throw failures.worst(probes());
        }
    }

    /**
     * The job turns away from that list alone, of which no byte has been asked for: it names what must not be stored.
     *
     * @throws FetchException at once if nobody else may be asked
     */
    public void refuse(Chosen chosen, FetchException why) {
        failures.add(why);
        chosen.candidate().dismiss(new Verdict.Blocked(String.valueOf(why.getMessage())));
        if (candidates.order() == Order.STRICT) {
            throw failures.worst(probes());
        }
    }

    private static boolean passes(FetchException why) {
        return why instanceof FetchException.Unreachable
                && why.probes().stream().anyMatch(probe -> probe.verdict().retryable());
    }

    private boolean willDo(Candidate candidate) {
        return candidate.isUsable() && !candidate.isOut() && (!silent.contains(candidate) || !candidate.isListing());
    }

    /** Empty if it turned out not to be the one, or keeps silent. */
    private Optional<Chosen> examined(Candidate candidate) throws InterruptedException {
        race.list(candidate);
        listings.callOthers(candidate);
        Optional<Manifest> manifest;
        try {
            manifest = listings.await(candidate, Limits.SILENT_LISTING);
        } catch (SourceException e) {
            dismiss(candidate, e.verdict(), e);
            return Optional.empty();
        }
        if (manifest.isEmpty()) {
            silent.add(candidate);
            return Optional.empty();
        }
        candidates.expect(wanted(manifest.get()));
        Identity identity = Identity.SAME;
        if (listings.needsProof(candidate)) {
            Namesake namesake = listings.prove(manifest.get());
            if (namesake == Namesake.OTHER) {
                dismissCatalogue(candidate, listings.difference(manifest.get()));
                return Optional.empty();
            }
            identity = namesake == Namesake.PROVED ? Identity.PROVED : Identity.UNPROVED;
        }
        listings.awaitTrust(candidate);
        return Optional.of(listings.chosen(candidate, manifest.get(), identity, reason(candidate)));
    }

    private long wanted(Manifest manifest) {
        try {
            return request.selection().from(manifest).stream()
                    .mapToLong(RepoFile::size)
                    .sum();
        } catch (FetchException selectsNothing) {
            // Told when files are planned.
            return 0;
        }
    }

    private void dismiss(Candidate candidate, Verdict why, SourceException cause) {
        candidate.dismiss(why);
        failures.survived(cause);
        if (why.retryable()) {
            rounds.mayRecover(candidate);
        }
    }

    /** Not what the Hub has under this name: whoever asked for the Hub's gets the Hub's, from nobody of that family. */
    private void dismissCatalogue(Candidate namesake, Optional<String> difference) {
        Verdict other = new Verdict.Blocked("other weights than the Hub lists under this name"
                + difference.map(words -> ": " + words).orElse(""));
        candidates.all().stream()
                .filter(candidate -> candidate.family().equals(namesake.family()) && candidate.isUsable())
                .forEach(candidate -> candidate.dismiss(other));
    }

    /** Somebody who answers at all, be it only that there are too many questions, is worth waiting for. */
    private static boolean hasSpoken(Candidate candidate) {
        return candidate.isUsable()
                || candidate
                        .answer()
                        .filter(answer -> answer.verdict().kind() == Verdict.Kind.LIMITED)
                        .isPresent();
    }

    /** After a failure: what may have been meant by what nobody has. */
    public List<Hint> instead() throws InterruptedException {
        return new Instead(request.repo(), executor).of(candidates.bySource());
    }

    private FetchException nobody() {
        List<Probe> refusals = candidates.refusals();
        candidates.all().stream()
                .map(Candidate::damage)
                .flatMap(Optional::stream)
                .forEach(failures::add);
        candidates.all().stream()
                .map(Candidate::breakage)
                .flatMap(Optional::stream)
                .forEach(failures::survived);
        boolean unexplained = candidates.all().stream().anyMatch(Candidate::hasFlaw);
        if (failures.isEmpty() || unexplained) {
            Phrase what = request.revision()
                    .<Phrase>map(revision -> Message.of("at-revision", "{0} at revision {1}", request.repo(), revision))
                    .orElseGet(() -> new Phrase.Text(request.repo().toString()));
            failures.add(withoutTheOthers(FetchException.ofNoSource(what, refusals)));
        }
        return failures.worst(probes());
    }

    /** Where a token kept the other sources out, the person should hear of it, and of the way around. */
    private FetchException withoutTheOthers(FetchException e) {
        List<String> kept = candidates.bySource().stream()
                .filter(lines -> lines.stream().noneMatch(Candidate::isStarted))
                .map(lines -> lines.get(0).source().id())
                .toList();
        if (kept.isEmpty() || candidates.order() != Order.STRICT || !(e instanceof FetchException.Unreachable)) {
            return e;
        }
        String tokens = candidates.bySource().stream()
                .flatMap(lines -> Stream.ofNullable(lines.get(0).source().tokenFrom()))
                .distinct()
                .collect(Collectors.joining(", "));
        return new FetchException.Unreachable(
                        e.message()
                                .then(Message.of(
                                        "not-asked",
                                        "Not asked, because a token is configured ({0}) and the name may be private: {1}.",
                                        tokens,
                                        String.join(", ", kept))),
                        Stream.concat(
                                        Stream.of(Hint.of(
                                                "name-source",
                                                "If the repository is public, say so, or allow one source yourself.",
                                                String.join(",", kept))),
                                        e.hints().stream())
                                .toArray(Hint[]::new))
                .withProbes(e.probes());
    }

    private String reason(Candidate chosen) {
        if (candidates.bySource().size() == 1) {
            return "the only source allowed";
        }
        long millis = chosen.probe().millis();
        if (race.wasFavoured(chosen)) {
            return "the best on this network lately, and answered after " + millis + " ms";
        }
        return switch (candidates.order()) {
            case AS_LISTED -> "first usable source in your list";
            case STRICT -> "asked first, because a token is in play";
            case BY_COST -> {
                boolean best = candidates.ranked().stream()
                        .filter(candidate -> !candidate.isOut())
                        .findFirst()
                        .filter(first -> first == chosen)
                        .isPresent();
                yield best
                        ? "best usable answer, after " + millis + " ms"
                        : chosen.trust() == Trust.ORIGIN
                                ? "the origin answered in time, after " + millis + " ms"
                                : "the first whose file list came, answered after " + millis + " ms";
            }
        };
    }

    private static Candidates candidates(FetchRequest request, List<Source> allowed, long begunNanos) {
        boolean strict = isStrict(request, allowed, begunNanos);
        Order order = strict ? Order.STRICT : orderOf(request);
        List<Candidate> asked = inOrder(allowed, strict && request.source() instanceof SourceChoice.Auto).stream()
                .map(source -> new Candidate(
                        source,
                        request.repo(),
                        revisionAt(source, request),
                        begunNanos,
                        request.probeFresh() || order != Order.BY_COST ? History.NONE : source.history()))
                .toList();
        return new Candidates(order == Order.BY_COST ? Candidates.inOrder(asked) : asked, order);
    }

    /** A lock file names a commit of one family; other families are asked for their default and compared by digest. */
    private static @Nullable String revisionAt(Source source, FetchRequest request) {
        LockFile lock = request.locked().orElse(null);
        if (lock == null) {
            return request.revision().orElse(null);
        }
        return lock.family().equals(source.profile().family()) ? lock.commit() : null;
    }

    private static boolean isStrict(FetchRequest request, List<Source> allowed, long begunNanos) {
        return Discretion.of(request, allowed, begunNanos)
                .filter(discretion -> !discretion.isOpen())
                .isPresent();
    }

    private static Order orderOf(FetchRequest request) {
        return request.source() instanceof SourceChoice.Only ? Order.AS_LISTED : Order.BY_COST;
    }

    /** The token's own source is asked first where the name may be private, unless the user has said in which order. */
    private static List<Source> inOrder(List<Source> allowed, boolean tokenFirst) {
        List<Source> ordered = new ArrayList<>(allowed);
        if (tokenFirst) {
            ordered.sort(Comparator.comparing(source -> !source.hasToken()));
        }
        return ordered;
    }
}
