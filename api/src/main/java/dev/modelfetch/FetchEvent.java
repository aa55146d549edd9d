package dev.modelfetch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happened in a job. Values only; safe to keep and to pass between threads. */
public sealed interface FetchEvent {

    /** When it happened. */
    Instant at();

    /** The word used in NDJSON, for example {@code file-start}. */
    String word();

    /** A source answered, or was given up. */
    record Probed(Instant at, Probe probe) implements FetchEvent {
        @Override
        public String word() {
            return "probe";
        }
    }

    /**
     * The job is bound to one manifest and commit.
     *
     * @param reason one clause: why this source
     * @param selected of its files; what the job is about
     * @param probes what every source has said by now, silence included
     */
    record Resolved(
            Instant at,
            Manifest manifest,
            Identity identity,
            String reason,
            List<RepoFile> selected,
            List<Probe> probes)
            implements FetchEvent {
        public Resolved {
            selected = List.copyOf(selected);
            probes = List.copyOf(probes);
        }

        /** How many are selected. */
        public int files() {
            return selected.size();
        }

        /** Of all selected files. */
        public long bytes() {
            return selected.stream().mapToLong(RepoFile::size).sum();
        }

        @Override
        public String word() {
            return "resolved";
        }
    }

    /** @param present bytes kept from an earlier run */
    record FileStarted(Instant at, String path, long size, long present, String source) implements FetchEvent {
        @Override
        public String word() {
            return "file-start";
        }
    }

    /**
     * At most ten a second for each file in flight, and at least one every second, also while nothing comes.
     *
     * @param done bytes on disk so far, including those of earlier runs
     * @param sources that send bytes of it at this time; empty while none does
     * @param received bytes that have come since this was told of the file before, by source; wrong ones too
     */
    record Progress(Instant at, String path, long done, long size, List<String> sources, Map<String, Long> received)
            implements FetchEvent {
        public Progress {
            sources = List.copyOf(sources);
            received = Map.copyOf(received);
        }

        @Override
        public String word() {
            return "progress";
        }
    }

    /**
     * A source has sent the first bytes of this job, or the first since it was left.
     *
     * @param host the data host that sends them
     * @param route {@code direct}, or the proxy
     */
    record SourceJoined(Instant at, String source, String host, String route) implements FetchEvent {
        @Override
        public String word() {
            return "source-join";
        }
    }

    /**
     * A data host is not asked for now.
     *
     * @param reason one clause: what went wrong, or how slow it was, and for whom it was left
     * @param until when it is tried again at the earliest
     */
    record SourceLeft(Instant at, String source, String host, String reason, Instant until) implements FetchEvent {
        @Override
        public String word() {
            return "source-leave";
        }
    }

    /** The only source of this file is another one now. */
    record SourceSwitched(Instant at, String path, String from, String to, String reason) implements FetchEvent {
        @Override
        public String word() {
            return "source-switch";
        }
    }

    /** @param pause before the next attempt */
    record Retrying(Instant at, String path, String source, String reason, Duration pause) implements FetchEvent {
        @Override
        public String word() {
            return "retry";
        }
    }

    /**
     * Nothing goes on for now, through nobody's fault: all that can be done is to wait.
     *
     * @param since when it began
     * @param nextTry when it is tried again; null if that depends on somebody else
     * @param givesUp when the job ends for it; null if never
     * @param causes words for people, by who is waited for: the id of a source, {@code cache} for another
     *     process, {@code connections} for other jobs of this one
     */
    record Waiting(
            Instant at,
            Instant since,
            @Nullable Instant nextTry,
            @Nullable Instant givesUp,
            Map<String, String> causes) implements FetchEvent {
        public Waiting {
            causes = Map.copyOf(causes);
        }

        @Override
        public String word() {
            return "waiting";
        }
    }

    /**
     * After {@link Waiting} for the network, something has come again.
     *
     * @param since when the waiting began
     * @param source who answered first
     */
    record Resumed(Instant at, Instant since, String source) implements FetchEvent {
        @Override
        public String word() {
            return "resumed";
        }
    }

    /**
     * Bytes that are there are being hashed, and that takes a while: at most one a second for each file.
     *
     * @param done bytes hashed so far
     */
    record Hashing(Instant at, String path, long done, long size) implements FetchEvent {
        @Override
        public String word() {
            return "hashing";
        }
    }

    /**
     * The digest of a file was compared.
     *
     * @param ok false when ranges were thrown away and are fetched again
     * @param detail on failure expected and actual digest and what happens now; empty otherwise
     */
    record Verified(Instant at, String path, boolean ok, String detail) implements FetchEvent {
        @Override
        public String word() {
            return "verify";
        }
    }

    /** The file has its final name. */
    record FileDone(Instant at, Snapshot.Item file) implements FetchEvent {
        @Override
        public String word() {
            return "file-done";
        }
    }

    record Done(Instant at, Snapshot result) implements FetchEvent {
        @Override
        public String word() {
            return "done";
        }
    }

    /** @param probes what every source said */
    record Failed(Instant at, FetchException error, List<Probe> probes) implements FetchEvent {
        @Override
        public String word() {
            return "error";
        }
    }
}
