package dev.modelfetch.internal.choice;

import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.run.Patience;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Manifests on their way: the chosen one, those that may prove or vouch for it, and those that may deliver its files
 * (mirrors.md 5.9, step 3, and 6.2).
 */
final class Listings {

    private final Candidates candidates;
    private final Executor executor;
    private final boolean commonSpelling;

    /** @param commonSpelling whether the repository was asked for by the Hub's name */
    Listings(Candidates candidates, Executor executor, boolean commonSpelling) {
        this.candidates = candidates;
        this.executor = executor;
        this.commonSpelling = commonSpelling;
    }

    /** Whether a namesake in another catalogue has to be shown to be the same. */
    boolean needsProof(Candidate candidate) {
        return commonSpelling && !candidate.isHub();
    }

    /** Asks everybody who might add trust, proof or bytes, without waiting. Who shares the version has nothing to add. */
    void callOthers(Candidate chosen) {
        if (candidates.order() == Order.STRICT) {
            return;
        }
        boolean anyHub = candidates.all().stream()
                .anyMatch(other ->
                        other.isHub() && (other.isStarted() || other.avoided().isEmpty()));
        for (Candidate other : candidates.all()) {
            // Who was away lately is asked for proof if nobody else can give it: what is not proved may be something
            // else.
            boolean mayBeAsked = !other.isStarted()
                    && candidates.isDue(other)
                    && (other.avoided().isEmpty() || !anyHub);
            boolean canProve = mayBeAsked && needsProof(chosen) && other.isHub();
            boolean canVouch = mayBeAsked && chosen.trust() != Trust.ORIGIN && other.trust() == Trust.ORIGIN;
            boolean mayAdd = other.isUsable() || other.isPending() || canProve || canVouch;
            if (other != chosen && !other.isOut() && !other.hasVersionOf(chosen) && mayAdd) {
                var unused = other.list(executor);
            }
        }
    }

    /**
     * The manifest of that candidate.
     *
     * @return empty if it has not come by then
     * @throws SourceException if it never will
     */
    Optional<Manifest> await(Candidate candidate, Duration patience) throws SourceException, InterruptedException {
        try {
            return Optional.of(candidate.list(executor).get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SourceException refusal) {
                throw refusal;
            }
            throw new SourceException(new Verdict.Down(String.valueOf(e.getCause()), false), e);
        }
    }

    /**
     * Waits until one of those that kept silent has its manifest or will never have it, and lets go of it; of all, once
     * the job has had its time while nothing came from any of them.
     *
     * @return false if there is none
     */
    boolean awaitAny(Collection<Candidate> silent, Patience patience) throws InterruptedException {
        silent.removeIf(Candidate::isOut);
        if (silent.isEmpty()) {
            return false;
        }
        // Of all, also of those that have come since somebody looked: such a one ends the wait at once.
        CompletableFuture<?>[] manifests = silent.stream()
                .map(Candidate::listing)
                .flatMap(Optional::stream)
                .toArray(CompletableFuture[]::new);
        long heard = lastHeard(silent);
        while (!isAnyDone(manifests)) {
            long now = lastHeard(silent);
            if (now != heard) {
                // A page of a long list, or a part of one.
                heard = now;
                patience.heard();
            }
            if (patience.isPatient() && patience.left().isZero()) {
                String words =
                        "its list of files did not come for " + patience.idle().toSeconds() + " s";
                silent.forEach(candidate -> candidate.dismiss(new Verdict.Down(words, false)));
                silent.clear();
                return true;
            }
        }
        silent.removeIf(candidate -> !candidate.isListing());
        return true;
    }

    private static boolean isAnyDone(CompletableFuture<?>[] manifests) throws InterruptedException {
        try {
            CompletableFuture.anyOf(manifests).get(Limits.WATCH.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // That one will not speak.
        } catch (TimeoutException e) {
            return false;
        }
        return true;
    }

    private static long lastHeard(Collection<Candidate> candidates) {
        return candidates.stream()
                .mapToLong(candidate -> candidate.source().line().answered())
                .sum();
    }

    /** Compares a namesake with what Hubs list; a mute origin costs nothing once a mirror has spoken. */
    Namesake prove(Manifest namesake) throws InterruptedException {
        List<Candidate> hubs =
                candidates.all().stream().filter(Candidate::isHub).toList();
        long deadline = System.nanoTime() + Limits.PROOF.toNanos();
        boolean more = true;
        while (true) {
            List<Manifest> heard = hubs.stream()
                    .map(Candidate::manifest)
                    .flatMap(Optional::stream)
                    .toList();
            Namesake finding = Namesake.of(namesake, heard);
            if (finding != Namesake.UNPROVED || !more) {
                return finding;
            }
            // Looked at once more after the last: it may have come between the look and the waiting.
            more = awaitNext(hubs, deadline - System.nanoTime());
        }
    }

    /** In what a namesake differs from what Hubs have listed by now. */
    Optional<String> difference(Manifest namesake) {
        return Namesake.difference(
                namesake,
                candidates.all().stream()
                        .filter(Candidate::isHub)
                        .map(Candidate::manifest)
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** Waits briefly for the manifests of those who have answered, where they can raise trust. */
    void awaitTrust(Candidate chosen) throws InterruptedException {
        if (chosen.trust() == Trust.ORIGIN) {
            return;
        }
        long deadline = System.nanoTime() + Limits.VOUCHERS.toNanos();
        List<Candidate> answered = candidates.ranked();
        while (answered.stream().anyMatch(Candidate::isListing) && awaitNext(answered, deadline - System.nanoTime())) {
            // One more has spoken, or will not.
        }
    }

    /** The choice, with everybody who may have a part in it: by rank for bytes, then the late, then those in reserve. */
    Chosen chosen(Candidate candidate, Manifest manifest, Identity identity, String reason) {
        List<Candidate> voices = new ArrayList<>();
        for (Candidate ranked : candidates.ranked()) {
            boolean called = ranked.isListing() || ranked.manifest().isPresent();
            if (ranked == candidate || ranked.hasVersionOf(manifest) || called) {
                voices.add(ranked);
            }
        }
        candidates.all().stream()
                .filter(late -> !voices.contains(late) && late.isListing())
                .forEach(voices::add);
        voices.addAll(candidates.inReserve());
        return new Chosen(candidate, manifest, identity, reason, voices, candidates, executor);
    }

    /** Waits until one more of them has listed or never will; false if none is under way or time is up. */
    private static boolean awaitNext(List<Candidate> among, long nanos) throws InterruptedException {
        CompletableFuture<?>[] open = among.stream()
                .filter(Candidate::isListing)
                .map(Candidate::listing)
                .flatMap(Optional::stream)
                .toArray(CompletableFuture[]::new);
        if (open.length == 0 || nanos <= 0) {
            return false;
        }
        try {
            CompletableFuture.anyOf(open).get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // That one will not speak.
        } catch (TimeoutException e) {
            return false;
        }
        return true;
    }
}
