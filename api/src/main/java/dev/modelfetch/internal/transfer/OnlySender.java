package dev.modelfetch.internal.transfer;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.run.Run;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a file's only source is another one now: once it has sent something, since whoever is merely asked may be
 * as dead as the one before, and not where several send at once. Thread-safe.
 */
final class OnlySender {

    private final Run run;
    private final RepoFile file;
    private final Failover failover;
    private final Map<String, Integer> asked = new HashMap<>();
    private @Nullable String last;

    OnlySender(Run run, RepoFile file, Failover failover) {
        this.run = run;
        this.file = file;
        this.failover = failover;
    }

    synchronized void begin(String source) {
        asked.merge(source, 1, Integer::sum);
    }

    synchronized void end(String source) {
        asked.merge(source, -1, (had, less) -> had + less > 0 ? had + less : null);
    }

    /** Bytes have come from it. */
    void brought(String source) {
        String before;
        synchronized (this) {
            if (source.equals(last) || asked.size() > 1) {
                return;
            }
            before = last;
            last = source;
        }
        if (before != null) {
            String reason = failover.lastFailure(before).map(Verdict::detail).orElse("quicker");
            run.events().emit(at -> new FetchEvent.SourceSwitched(at, file.path(), before, source, reason));
        }
    }
}
