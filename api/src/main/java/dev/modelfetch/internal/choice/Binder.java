package dev.modelfetch.internal.choice;

import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Decides whose manifest a job is bound to, and whose listings may vouch for it (mirrors.md 5.9, step 3, and 6.2):
 *
 * <ol>
 *   <li>The origin's manifest whenever it answered in time, else that of the best ranked source whose listing can be had.
 *   <li>Sources of the same family at the same commit share it; the others are asked for theirs, and waited for briefly.
 *   <li>A manifest from another catalogue is the wanted repository only if its large files have the SHA-256 that a Hub
 *       listing names. If a Hub listing is there and disagrees, the Hub's is taken instead; if none can be had, the
 *       result says so.
 * </ol>
 */
public final class Binder {

    private final Repo repo;
    private final Executor executor;

    public Binder(Repo repo, Executor executor) {
        this.repo = repo;
        this.executor = executor;
    }

    /**
     * @param field with at least one usable source that is not excluded
     * @param excluded sources that turned out not to deliver
     * @throws dev.modelfetch.FetchException if no usable source can list the repository
     */
    public Chosen bind(Candidates field, Set<Source> excluded) throws InterruptedException {
        List<Candidate> candidates = new ArrayList<>(field.byManifestTrust());
        candidates.removeIf(entrant -> excluded.contains(entrant.hub()));
        Map<Source, Probe> failures = new LinkedHashMap<>();
        Map<Source, Witness> called = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            Witness own = called.computeIfAbsent(candidate.hub(), hub -> Witness.call(candidate, executor));
            callOthers(field, candidate, called);
            Manifest manifest;
            try {
                manifest = own.manifest();
            } catch (SourceException e) {
                failures.put(candidate.hub(), failed(candidate, e.verdict()));
                continue;
            }
            Identity identity = Identity.SAME;
            long begin = System.nanoTime();
            if (needsProof(candidate.hub())) {
                awaitProof(called, begin + Limits.PROOF.toNanos());
                identity = compare(manifest, called);
            }
            for (Witness witness : called.values()) {
                witness.await(begin + patience(candidate.hub(), witness.hub(), field) - System.nanoTime());
            }
            if (identity == Identity.PROVED || identity == Identity.SAME || noHubHeard(called)) {
                return new Chosen(
                        candidate.hub(),
                        manifest,
                        identity,
                        reason(field, candidate),
                        witnesses(field, candidate, manifest, called));
            }
            // Not what the Hub has under this name: whoever asked for the Hub's gets the Hub's.
            candidates.removeIf(rest -> rest.hub().profile().family().equals(manifest.family()) && rest != candidate);
            lateHubs(field, candidates, excluded);
            failures.put(
                    candidate.hub(),
                    failed(candidate, new Verdict.Blocked("other weights than the Hub lists under this name")));
        }
        List<Probe> said = field.probes().stream()
                .map(probe -> failures.values().stream()
                        .filter(failure -> failure.source().equals(probe.source()))
                        .findFirst()
                        .orElse(probe))
                .toList();
        throw NoSource.explain(repo.toString(), said);
    }

    /** Asks everybody who might add something, without waiting. */
    private void callOthers(Candidates field, Candidate chosen, Map<Source, Witness> called) {
        if (field.order() == Race.Order.STRICT) {
            return;
        }
        Resolved mine = chosen.resolved().orElseThrow();
        for (Candidate other : field.entrants()) {
            boolean shares =
                    other.hub().profile().family().equals(chosen.hub().profile().family())
                            && other.resolved()
                                    .filter(theirs -> theirs.commit().equals(mine.commit()))
                                    .isPresent();
            boolean canProve = !other.isStarted() && needsProof(chosen.hub()) && isHub(other.hub());
            if (other != chosen && !shares && (other.isUsable() || other.isPending() || canProve)) {
                called.computeIfAbsent(other.hub(), hub -> Witness.call(other, executor));
            }
        }
    }

    /** Waits for the first Hub listing that can tell whether a namesake is the same; a mute origin costs nothing then. */
    private static void awaitProof(Map<Source, Witness> called, long deadline) throws InterruptedException {
        List<Witness> hubs =
                called.values().stream().filter(witness -> isHub(witness.hub())).toList();
        while (noHubHeard(called) && Witness.awaitNext(hubs, deadline - System.nanoTime())) {
            // One more has spoken, or will not.
        }
    }

    /** How long a listing is worth waiting for: only where it can raise trust. */
    private static long patience(Source chosen, Source witness, Candidates field) {
        boolean answered =
                field.ranked().stream().anyMatch(entrant -> entrant.hub().equals(witness));
        return answered && chosen.profile().trust() != Trust.ORIGIN ? Limits.WITNESS.toNanos() : 0;
    }

    /** In order of rank for bytes; sources at the same commit of the same family share the listing. */
    private List<Witness> witnesses(
            Candidates field, Candidate chosen, Manifest manifest, Map<Source, Witness> called) {
        List<Witness> witnesses = new ArrayList<>();
        for (Candidate entrant : field.ranked()) {
            boolean shares = entrant.hub().profile().family().equals(manifest.family())
                    && entrant.resolved()
                            .filter(theirs -> theirs.commit().equals(manifest.commit()))
                            .isPresent();
            Witness witness = called.get(entrant.hub());
            if (entrant == chosen || shares) {
                witnesses.add(Witness.sharing(entrant.hub(), manifest));
            } else if (witness != null) {
                witnesses.add(witness);
            }
        }
        called.values().stream()
                .filter(witness ->
                        witnesses.stream().noneMatch(known -> known.hub().equals(witness.hub())))
                .forEach(witnesses::add);
        // Whom a quick race never came to ask is asked when those who answered turn out not to deliver.
        field.notAsked().stream()
                .map(entrant -> Witness.reserve(entrant, executor))
                .forEach(witnesses::add);
        return witnesses;
    }

    /** Proved when at least one large file is the same and none differs. */
    private static Identity compare(Manifest manifest, Map<Source, Witness> called) {
        boolean same = false;
        for (Witness witness : called.values()) {
            if (!isHub(witness.hub())) {
                continue;
            }
            for (RepoFile file : manifest.files()) {
                RepoFile theirs = witness.row(file.path()).orElse(null);
                if (theirs == null || !theirs.lfs() || theirs.sha256() == null || file.sha256() == null) {
                    continue;
                }
                if (!theirs.sha256().equals(file.sha256())) {
                    return Identity.UNPROVED;
                }
                same = true;
            }
        }
        return same ? Identity.PROVED : Identity.UNPROVED;
    }

    private static boolean noHubHeard(Map<Source, Witness> called) {
        return called.values().stream().noneMatch(witness -> isHub(witness.hub()) && hasLargeFiles(witness));
    }

    /** A repository of small files only cannot be compared across catalogues, which is no disagreement. */
    private static boolean hasLargeFiles(Witness witness) {
        return witness.heard()
                .filter(manifest -> manifest.files().stream().anyMatch(RepoFile::lfs))
                .isPresent();
    }

    private static void lateHubs(Candidates field, List<Candidate> candidates, Set<Source> excluded) {
        field.hubsThatMayWitness().stream()
                .filter(Candidate::isUsable)
                .filter(entrant -> !candidates.contains(entrant) && !excluded.contains(entrant.hub()))
                .forEach(candidates::add);
    }

    private boolean needsProof(Source hub) {
        return repo.family() == null && !isHub(hub);
    }

    private static boolean isHub(Source hub) {
        return hub.profile().family().equals(SourceProfile.HUB);
    }

    private static Probe failed(Candidate entrant, Verdict verdict) {
        Probe probe = entrant.probe();
        return new Probe(probe.source(), probe.endpoint(), probe.route(), verdict, probe.millis());
    }

    private static String reason(Candidates field, Candidate chosen) {
        long millis = chosen.probe().millis();
        if (field.entrants().size() == 1) {
            return "the only source allowed";
        }
        return switch (field.order()) {
            case AS_LISTED -> "first usable source in your list";
            case STRICT -> "asked first, because a token is in play";
            case BY_COST ->
                field.ranked().get(0) == chosen
                        ? "best usable answer, after " + millis + " ms"
                        : "the origin answered in time, after " + millis + " ms";
        };
    }
}
