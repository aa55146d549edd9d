package dev.modelfetch.internal.choice;

import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.choice.Candidates.Order;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Match;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Trust;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The manifest a job is to deliver, who can send its files, and who vouches for them. An offer may share a manifest of
 * the same version; a voucher speaks only for rows it has listed itself. Thread-safe.
 */
public final class Chosen {

    private final Candidate candidate;
    private final Manifest manifest;
    private final Identity identity;
    private final String reason;
    private final List<Candidate> voices;
    private final Candidates candidates;
    private final Set<Candidate> askedAgain = ConcurrentHashMap.newKeySet();
    private final Executor executor;
    private final Set<Source> inVain = ConcurrentHashMap.newKeySet();

    /**
     * @param candidate whose manifest it is
     * @param identity whether it is the repository asked for
     * @param reason why this source, in one clause
     * @param voices all who may vouch or deliver, best for bytes first; the candidate is one of them. Those not asked yet
     *     are in reserve
     * @param candidates all of the job
     */
    Chosen(
            Candidate candidate,
            Manifest manifest,
            Identity identity,
            String reason,
            List<Candidate> voices,
            Candidates candidates,
            Executor executor) {
        this.candidate = candidate;
        this.manifest = manifest;
        this.identity = identity;
        this.reason = reason;
        this.voices = new CopyOnWriteArrayList<>(voices);
        this.candidates = candidates;
        this.executor = executor;
    }

    /** Whose manifest it is. */
    public Source source() {
        return candidate.source();
    }

    public Manifest manifest() {
        return manifest;
    }

    public Identity identity() {
        return identity;
    }

    public String reason() {
        return reason;
    }

    /** Who can deliver exactly this content, best first (mirrors.md 5.9, step 6). */
    public List<Offer> offers(RepoFile file) {
        List<Offer> offers = new ArrayList<>();
        for (Candidate voice : voices) {
            offer(voice, file).ifPresent(offers::add);
        }
        return offers;
    }

    /** By a row of its own where it has listed; else, having the same version, by ours. */
    private Optional<Offer> offer(Candidate voice, RepoFile file) {
        Manifest own = voice == candidate ? manifest : voice.manifest().orElse(null);
        if (own == null) {
            return voice.hasVersionOf(manifest)
                    ? Optional.of(new Offer(voice.source(), manifest, file))
                    : Optional.empty();
        }
        boolean sameVersion =
                own.family().equals(manifest.family()) && own.commit().equals(manifest.commit());
        return own.file(file.path())
                .filter(row -> switch (Match.of(row, file)) {
                    case SAME -> true;
                    case UNKNOWN -> sameVersion;
                    case OTHER -> false;
                })
                .map(row -> new Offer(voice.source(), own, row));
    }

    /** The strongest voice for bytes that have these digests. */
    public Verification voucher(RepoFile file, Content content, boolean pinned) {
        if (pinned) {
            return Verification.PINNED;
        }
        Set<String> families = new HashSet<>();
        boolean origin = false;
        for (Candidate voice : voices) {
            Optional<Manifest> own = voice == candidate ? Optional.of(manifest) : voice.manifest();
            boolean vouches = own.flatMap(listed -> listed.file(file.path()))
                    .filter(row -> row.size() == file.size() && Match.of(content, row) == Match.SAME)
                    .isPresent();
            if (vouches) {
                families.add(voice.family());
                origin |= voice.trust() == Trust.ORIGIN;
            }
        }
        if (origin) {
            return Verification.ORIGIN;
        }
        if (families.size() > 1) {
            return Verification.CROSS;
        }
        return file.digest().isPresent() ? Verification.SELF : Verification.SIZE;
    }

    /** Asks other sources in reserve, without waiting: there is much to do. Lines that may cost money are left alone. */
    public void wakeHelpers() {
        for (Candidate voice : voices) {
            if (!voice.isStarted() && voice.avoided().isEmpty() && candidates.isDue(voice)) {
                var unused = voice.list(executor);
            }
        }
    }

    /** Asks all in reserve, without waiting: somebody in front of them is in trouble. */
    public void wakeReserves() {
        for (Candidate voice : voices) {
            if (!voice.isStarted()) {
                var unused = voice.list(executor);
            }
        }
    }

    /** As {@link #wakeReserves()}, and waits for all manifests that are on their way, no longer than a race would. */
    public void awaitLate() throws InterruptedException {
        wakeReserves();
        long deadline = System.nanoTime() + Limits.RACE.toNanos();
        for (Candidate voice : voices) {
            if (voice.isListing()) {
                try {
                    var unused =
                            voice.list(executor).get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    // Who cannot speak takes nothing away from the others.
                }
            }
        }
    }

    /**
     * Nobody delivers: asks those again that could not be reached before, who join if they have the same, and those that
     * have another version, to know whether they could be turned to. Does not wait, and asks nobody twice at once.
     */
    public void askAgain() {
        if (candidates.order() == Order.STRICT) {
            return;
        }
        for (Candidate known : candidates.all()) {
            boolean passing = known.trouble().filter(Verdict::retryable).isPresent();
            if (known != candidate && !known.isOut() && known.isStarted() && passing) {
                Candidate fresh = known.again();
                candidates.replace(known, fresh);
                voices.remove(known);
                voices.add(fresh);
                askedAgain.add(fresh);
                var unused = fresh.list(executor);
            }
            if (known != candidate && !known.isOut() && known.isUsable() && !known.hasVersionOf(manifest)) {
                Candidate fresh = known.again();
                askedAgain.removeIf(earlier -> earlier.source().equals(known.source()) && !earlier.isPending());
                if (askedAgain.stream().noneMatch(earlier -> earlier.source().equals(known.source()))) {
                    askedAgain.add(fresh);
                    var unused = fresh.ask(executor);
                }
            }
        }
    }

    /** Whether one of those asked again has answered, with another version. */
    public boolean isAnotherVersionNear() {
        return askedAgain.stream().anyMatch(fresh -> fresh.isUsable() && !fresh.hasVersionOf(manifest));
    }

    /** Whether somebody who was asked may still join those who can deliver. */
    public boolean isAnybodyPending() {
        return voices.stream().anyMatch(Candidate::isListing);
    }

    /** That source was asked for a file of it and did not deliver; under another manifest's name it would not either. */
    public void inVain(Source source) {
        inVain.add(source);
    }

    Candidate candidate() {
        return candidate;
    }

    boolean wasInVain(Source source) {
        return inVain.contains(source);
    }
}
