package dev.modelfetch.internal.engine;

import dev.modelfetch.Caller;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.internal.choice.Chosen;
import dev.modelfetch.internal.file.Digests;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.store.Bindings;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One repository in a depot: what its commits consist of, which of them its branches are, and who may read it. Thread-safe.
 */
final class Shelf {

    static final String MAIN = "main";

    /** What is known of a revision. */
    record Known(Manifest manifest, Instant at) {}

    /** A decision of somebody else, and how long it holds. */
    private record Decision(long untilNanos, FetchException refusal) {}

    private record Grant(long untilNanos) {}

    private static final String SALT = UUID.randomUUID().toString();
    private static final int MANY = 1_000;

    private final Repo repo;
    private final HubCache cache;
    private final Bindings bindings;
    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Chosen> senders = new ConcurrentHashMap<>();
    private final Map<String, Grant> granted = new ConcurrentHashMap<>();
    private final Map<String, Decision> refused = new ConcurrentHashMap<>();
    private final Map<String, Long> refreshNotBefore = new ConcurrentHashMap<>();

    Shelf(Repo repo, HubCache cache) {
        this.repo = repo;
        this.cache = cache;
        this.bindings = cache.bindings();
    }

    Repo repo() {
        return repo;
    }

    HubCache cache() {
        return cache;
    }

    /** The family that has served it; where nothing is written down, that of what is stored. */
    Optional<String> family() {
        return bindings.family();
    }

    Identity identity(Manifest manifest) {
        if (manifest.family().equals(SourceProfile.HUB) || manifest.family().equals(repo.family())) {
            return Identity.SAME;
        }
        return bindings.identity()
                .map(word -> Identity.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Identity.UNPROVED);
    }

    Optional<Manifest> manifest(String commit) {
        Manifest known = manifests.get(commit);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Manifest> stored = cache.listed(commit).filter(Manifest::complete);
        stored.ifPresent(manifest -> manifests.put(commit, manifest));
        return stored;
    }

    /** As {@link #manifest}; what is there, where nothing says what all of it would be. */
    Optional<Manifest> anyManifest(String commit) {
        return manifest(commit).or(() -> cache.manifest(commit));
    }

    /** What a branch was when somebody last said so. */
    Optional<Known> branch(String revision, boolean offline) {
        Optional<Known> bound = bindings.revision(revision)
                .flatMap(known -> manifest(known.commit()).map(manifest -> new Known(manifest, known.at())));
        return bound.or(() -> cache.ref(revision)
                .flatMap(commit -> offline ? anyManifest(commit) : manifest(commit))
                .map(manifest -> new Known(manifest, Instant.EPOCH)));
    }

    /** A source has said so. */
    Known learn(String revision, Chosen chosen, boolean anonymously, Instant now) throws IOException {
        Manifest manifest = chosen.manifest();
        cache.remember(manifest);
        manifests.put(manifest.commit(), manifest);
        if (anonymously) {
            senders.put(manifest.commit(), chosen);
        }
        bindings.bind(
                manifest.family(), chosen.identity().word(), revision, new Bindings.Bound(manifest.commit(), now));
        return new Known(manifest, now);
    }

    /** Who was found to have that commit; empty if that has to be found out. */
    Optional<Chosen> senders(String commit) {
        return Optional.ofNullable(senders.get(commit));
    }

    /** They have failed. */
    void forgetSenders(String commit) {
        senders.remove(commit);
    }

    /** Whether everybody may read it, as far as anybody knows. */
    Optional<Boolean> open() {
        return bindings.open();
    }

    void open(boolean everybody) {
        try {
            bindings.open(everybody);
        } catch (IOException e) {
            // It is found out again.
        }
    }

    /** Nobody's token is kept for what is remembered of them. */
    private static String key(Caller caller) {
        return Digests.hexOf(SALT + caller.token().orElse(""));
    }

    boolean isGranted(Caller caller) {
        Grant grant = granted.get(key(caller));
        return grant != null && grant.untilNanos() - System.nanoTime() > 0;
    }

    void grant(Caller caller) {
        long now = System.nanoTime();
        if (granted.size() >= MANY) {
            granted.values().removeIf(grant -> grant.untilNanos() - now <= 0);
        }
        granted.put(key(caller), new Grant(now + Limits.GRANTED.toNanos()));
        refused.remove(key(caller));
    }

    /** Whether it has been shown to that caller at some time, by somebody who could say so. */
    boolean wasShownTo(Caller caller) {
        return caller.token().filter(bindings::wasShownTo).isPresent();
    }

    /** Whoever could say so has shown it to that caller, who is to be known again in a later run. */
    void remember(Caller caller) {
        try {
            if (caller.token().isPresent()) {
                bindings.shown(caller.token().get());
            }
        } catch (IOException e) {
            // The next time.
        }
    }

    /** It was, until now. */
    void revoke(Caller caller) {
        granted.remove(key(caller));
    }

    /** @throws FetchException if that caller has been refused a moment ago */
    void checkRefused(Caller caller) {
        Decision decision = refused.get(key(caller));
        if (decision != null && decision.untilNanos() - System.nanoTime() > 0) {
            throw decision.refusal();
        }
    }

    void refuse(Caller caller, FetchException why, Duration time) {
        try {
            if (caller.token().isPresent()) {
                bindings.hidden(caller.token().get());
            }
        } catch (IOException e) {
            // It is asked again before that matters.
        }
        long now = System.nanoTime();
        if (refused.size() >= MANY) {
            refused.values().removeIf(decision -> decision.untilNanos() - now <= 0);
        }
        refused.put(key(caller), new Decision(now + time.toNanos(), why));
    }

    /** Whether a branch may be asked for again now; whoever is told so does it. */
    boolean beginRefresh(String revision) {
        long now = System.nanoTime();
        Long next = refreshNotBefore.get(revision);
        if (next != null && next - now > 0) {
            return false;
        }
        refreshNotBefore.put(revision, now + Limits.REFRESH_PAUSE.toNanos());
        return true;
    }

    FetchException absent(String what) {
        return new FetchException.NotStored(
                what + " of " + repo + " is not stored.", Hint.of("ask-somebody", "Allow connections."));
    }
}
