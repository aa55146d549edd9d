package dev.modelfetch.cli.screen;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What each source brings at this time, or why nothing: a set, in the order they were first heard of. Guarded by
 * whoever owns the board.
 */
final class Senders {

    /** One of them. */
    static final class Sender {
        private final String id;
        private int files;
        private @Nullable RecentRate rate;
        private @Nullable Instant brought;
        private @Nullable Probe probe;
        private FetchEvent.@Nullable SourceLeft left;

        private Sender(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        /** In flight from it. */
        int files() {
            return files;
        }

        /** Whether something has come from it just now. */
        boolean brings(Instant now) {
            return brought != null && left == null && !isSilent(now);
        }

        /** Whether something had come from it and has ceased. */
        boolean isSilent(Instant now) {
            return brought != null && silence(now).compareTo(Board.SILENCE) >= 0;
        }

        OptionalDouble rate(Instant now) {
            return rate == null ? OptionalDouble.empty() : rate.perSecond(now);
        }

        /** Since when nothing has come from it; zero where nothing ever did. */
        Duration silence(Instant now) {
            return brought == null ? Duration.ZERO : Duration.between(brought, now);
        }

        /** Why and until when it is left alone. */
        Optional<FetchEvent.SourceLeft> left() {
            return Optional.ofNullable(left);
        }

        /** What it answered, unless it can deliver. */
        Optional<Verdict> trouble() {
            return Optional.ofNullable(probe)
                    .map(Probe::verdict)
                    .filter(verdict -> verdict.kind() != Verdict.Kind.USABLE);
        }
    }

    private final Map<String, Sender> all = new LinkedHashMap<>();

    List<Sender> all() {
        return new ArrayList<>(all.values());
    }

    /** Whether one of them has the repository. */
    boolean anyUsable() {
        return all.values().stream()
                .anyMatch(sender -> sender.probe != null && sender.trouble().isEmpty());
    }

    void answered(Probe probe) {
        sender(probe.source()).probe = probe;
    }

    void joined(FetchEvent.SourceJoined event) {
        sender(event.source()).left = null;
    }

    void left(FetchEvent.SourceLeft event) {
        sender(event.source()).left = event;
    }

    /** A file is in flight from these now, and no longer from those. */
    void moved(Collection<String> from, Collection<String> to) {
        from.forEach(id -> sender(id).files--);
        to.forEach(id -> sender(id).files++);
    }

    /** These send now, so nobody has left them; a source of several hosts may go on with the others. */
    void sending(Collection<String> ids) {
        ids.forEach(id -> sender(id).left = null);
    }

    /** So many bytes came from these together; who brought which is not told, so each has the same share. */
    void brought(long bytes, Collection<String> ids, Instant since, Instant at) {
        if (bytes <= 0 || ids.isEmpty()) {
            return;
        }
        long rest = bytes % ids.size();
        for (String id : ids) {
            Sender sender = sender(id);
            sender.brought = at;
            if (sender.rate == null) {
                sender.rate = new RecentRate(since);
            }
            sender.rate.add(bytes / ids.size() + rest, at);
            rest = 0;
        }
    }

    private Sender sender(String id) {
        return all.computeIfAbsent(id, Sender::new);
    }
}
