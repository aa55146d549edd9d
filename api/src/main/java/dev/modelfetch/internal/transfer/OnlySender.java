package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Run;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a file's only source is another one than the first that was asked, or than the last one told: once it has
 * sent something, since whoever is merely asked may be as dead as the one before, and not where several send at once.
 * Whoever has failed and is asked again is not counted until it sends. Thread-safe.
 */
final class OnlySender {

    private final Run run;
    private final RepoFile file;
    private final Failover failover;
    private final Set<Place> asked = new HashSet<>();
    private final Set<Place> sending = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private @Nullable String only;

    OnlySender(Run run, RepoFile file, Failover failover) {
        this.run = run;
        this.file = file;
        this.failover = failover;
    }

    /** It is asked for a piece. */
    synchronized void begin(Place place) {
        if (only == null) {
            only = idOf(place);
        }
        asked.add(place);
    }

    /** It could not deliver; to be called once the strategy knows why. */
    synchronized void failed(Place place) {
        sending.remove(place);
        failing.add(idOf(place));
    }

    /** Nothing is asked of it any more. */
    synchronized void end(Place place) {
        asked.remove(place);
        sending.remove(place);
    }

    /** Bytes have come from it. */
    void brought(Place place) {
        String before;
        String source = idOf(place);
        synchronized (this) {
            sending.add(place);
            failing.remove(source);
            if (source.equals(only) || asked.stream().anyMatch(other -> isAnother(other, source))) {
                return;
            }
            before = only;
            only = source;
        }
        if (before != null) {
            String reason = failover.lastFailure(before).map(Verdict::detail).orElse("quicker");
            run.events().emit(at -> new FetchEvent.SourceSwitched(at, file.path(), before, source, reason));
        }
    }

    private boolean isAnother(Place other, String source) {
        String id = idOf(other);
        return !id.equals(source) && (sending.contains(other) || !failing.contains(id));
    }

    private static String idOf(Place place) {
        return place.offer().id();
    }
}
