package dev.modelfetch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything one job decides. Immutable, and equal to one that decides the same; {@link #toBuilder()} derives another.
 */
public final class FetchRequest {

    private static final int MOST_WORKERS = 64;
    private static final int USUAL_WORKERS = 8;
    /** A router that restarts, a VPN that is switched over, a mirror that is redeployed: all are back by then. */
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);

    private final Decisions decided;

    private FetchRequest(Decisions decided) {
        this.decided = decided;
    }

    private record Decisions(
            Repo repo,
            @Nullable String revision,
            Selection selection,
            SourceChoice source,
            Destination destination,
            @Nullable Integer maxWorkers,
            int connectionsPerFile,
            long bytesPerSecond,
            boolean singleSource,
            boolean keepGoing,
            boolean force,
            boolean offline,
            @Nullable LockFile locked,
            @Nullable Duration patience,
            Verification minVerification,
            @Nullable Duration timeout,
            int priority,
            Tokens tokens,
            boolean isPublic,
            boolean probeFresh) {}

    /** Secrets by source; never printed. */
    private record Tokens(Map<String, String> bySource) {
        Tokens {
            bySource = Map.copyOf(bySource);
        }

        @Override
        public String toString() {
            return bySource.keySet().toString();
        }
    }

    /**
     * A whole repository with all defaults.
     *
     * @param address any form {@link Address#parse} reads
     */
    public static FetchRequest of(String address) {
        return builder(address).build();
    }

    /** Starts from any form {@link Address#parse} reads; a revision or file in it is taken over. */
    public static Builder builder(String address) {
        Address parsed = Address.parse(Objects.requireNonNull(address, "address"));
        Builder builder = new Builder(parsed.repo()).revision(parsed.revision());
        if (parsed.file() != null) {
            builder.files(parsed.file());
        }
        return builder;
    }

    /** Starts from a repository. */
    public static Builder builder(Repo repo) {
        return new Builder(repo);
    }

    public Repo repo() {
        return decided.repo();
    }

    /** Branch, tag or commit; empty for the source's own default branch. */
    public Optional<String> revision() {
        return Optional.ofNullable(decided.revision());
    }

    public Selection selection() {
        return decided.selection();
    }

    public SourceChoice source() {
        return decided.source();
    }

    public Destination destination() {
        return decided.destination();
    }

    /** Files in flight: no more than were set, or 8 to begin with. */
    public int maxWorkers() {
        Integer set = decided.maxWorkers();
        return set == null ? USUAL_WORKERS : set;
    }

    /** Whether more small files may be in flight while that pays; not where a number was set. */
    public boolean workersMayGrow() {
        return decided.maxWorkers() == null;
    }

    /** Upper limit of range connections inside one file. */
    public int connectionsPerFile() {
        return decided.connectionsPerFile();
    }

    /** Limit over all connections together, in bytes per second; 0 for none. */
    public long bytesPerSecond() {
        return decided.bytesPerSecond();
    }

    /** Take the bytes of a file from one source at a time, even where several prove the same content. */
    public boolean singleSource() {
        return decided.singleSource();
    }

    /** Fetch what can be had before failing for a file that cannot. */
    public boolean keepGoing() {
        return decided.keepGoing();
    }

    /** Fetch again even what is stored and correct. */
    public boolean force() {
        return decided.force();
    }

    /** No connection at all; succeed only from what is stored. */
    public boolean offline() {
        return decided.offline();
    }

    /** What must be fetched, to the byte; empty when nothing is pinned. */
    public Optional<LockFile> locked() {
        return Optional.ofNullable(decided.locked());
    }

    /**
     * How long the job goes on trying while nothing arrives from any source: what was set, else ten minutes. Zero: only
     * until every source has failed a few times.
     */
    public Duration patience() {
        Duration set = decided.patience();
        return set == null ? USUAL_PATIENCE : set;
    }

    /**
     * Whether the job is as patient before anybody has answered at all. Only where a patience was set: otherwise a job
     * that reaches nobody ends within seconds.
     */
    public boolean patientFromStart() {
        return decided.patience() != null;
    }

    /** Who must vouch for a file at least, so that it is stored. */
    public Verification minVerification() {
        return decided.minVerification();
    }

    /** How long after its start the job ends at the latest, whatever it has reached; empty for never. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(decided.timeout());
    }

    /** Of several jobs that wait to begin, the one with the highest number is next; 0 unless set. */
    public int priority() {
        return decided.priority();
    }

    /** Sources for which this request brings a token of its own. */
    public Set<String> sourcesWithToken() {
        return decided.tokens().bySource().keySet();
    }

    /**
     * The token this request brings for a source, before what is configured for it.
     *
     * @param source as it was named in {@link Builder#token}
     */
    public Optional<String> token(String source) {
        return Optional.ofNullable(decided.tokens().bySource().get(source));
    }

    /** Whether the repository is known to be public, so that its name may be shown to any source although one has a token. */
    public boolean isPublic() {
        return decided.isPublic();
    }

    /** Whether all sources are asked anew, whatever earlier jobs have learned of them. */
    public boolean probeFresh() {
        return decided.probeFresh();
    }

    static long checkedRate(long bytesPerSecond) {
        if (bytesPerSecond < 0) {
            throw new FetchException.Usage(
                    Message.of("negative-rate", "A rate of {0} bytes per second is negative.", bytesPerSecond),
                    Hint.plain("Use 0 for no limit."));
        }
        return bytesPerSecond;
    }

    /** A builder that holds the same decisions. */
    public Builder toBuilder() {
        return new Builder(decided);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FetchRequest that && decided.equals(that.decided);
    }

    @Override
    public int hashCode() {
        return decided.hashCode();
    }

    /** What was decided, without the values of tokens. */
    @Override
    public String toString() {
        return "FetchRequest" + decided.toString().substring("Decisions".length());
    }

    /** Collects the decisions; not thread-safe. */
    public static final class Builder {
        private final Repo repo;
        private @Nullable String revision;
        private Selection selection = Selection.all();
        private SourceChoice source = SourceChoice.auto();
        private Destination destination = new Destination.DefaultCache();
        private @Nullable Integer maxWorkers;
        private int connectionsPerFile = 8;
        private long bytesPerSecond;
        private boolean singleSource;
        private boolean keepGoing;
        private boolean force;
        private boolean offline;
        private @Nullable LockFile locked;
        private @Nullable Duration patience;
        private Verification minVerification = Verification.SIZE;

        private @Nullable Duration timeout;
        private int priority;
        private final Map<String, String> tokens = new LinkedHashMap<>();
        private boolean isPublic;
        private boolean probeFresh;

        private Builder(Repo repo) {
            this.repo = Objects.requireNonNull(repo, "repo");
        }

        private Builder(Decisions decided) {
            this.repo = decided.repo();
            this.revision = decided.revision();
            this.selection = decided.selection();
            this.source = decided.source();
            this.destination = decided.destination();
            this.maxWorkers = decided.maxWorkers();
            this.connectionsPerFile = decided.connectionsPerFile();
            this.bytesPerSecond = decided.bytesPerSecond();
            this.singleSource = decided.singleSource();
            this.keepGoing = decided.keepGoing();
            this.force = decided.force();
            this.offline = decided.offline();
            this.locked = decided.locked();
            this.patience = decided.patience();
            this.minVerification = decided.minVerification();
            this.timeout = decided.timeout();
            this.priority = decided.priority();
            this.tokens.putAll(decided.tokens().bySource());
            this.isPublic = decided.isPublic();
            this.probeFresh = decided.probeFresh();
        }

        /** Null means the source's default branch. */
        public Builder revision(@Nullable String branchTagOrCommit) {
            if (branchTagOrCommit != null && branchTagOrCommit.isBlank()) {
                throw new FetchException.Usage(
                        "The revision is empty.", "Name a branch, a tag or a commit, or leave it out.");
            }
            this.revision = branchTagOrCommit;
            return this;
        }

        /** Replaces what was selected so far, a file in the address too. */
        public Builder selection(Selection wanted) {
            this.selection = Objects.requireNonNull(wanted, "selection");
            return this;
        }

        /** As {@link Selection#files}. */
        public Builder files(String... paths) {
            return selection(selection.files(paths));
        }

        /** As {@link Selection#include}. */
        public Builder include(String... globs) {
            return selection(selection.include(globs));
        }

        /** As {@link Selection#exclude}. */
        public Builder exclude(String... globs) {
            return selection(selection.exclude(globs));
        }

        /** As {@link Selection#where}. */
        public Builder where(Predicate<? super RepoFile> condition) {
            return selection(selection.where(condition));
        }

        /** As {@link Selection#weights}. */
        public Builder weights(Weights wanted) {
            return selection(selection.weights(wanted));
        }

        /** As {@link Selection#gguf}. */
        public Builder gguf(String quantisation) {
            return selection(selection.gguf(quantisation));
        }

        /** As {@link Selection#configOnly}. */
        public Builder configOnly() {
            return selection(selection.configOnly());
        }

        public Builder source(SourceChoice choice) {
            this.source = Objects.requireNonNull(choice, "source");
            return this;
        }

        public Builder destination(Destination where) {
            this.destination = Objects.requireNonNull(where, "destination");
            return this;
        }

        /** Between 1 and 64. Unless set, 8 to begin with, and more of small files while that pays. */
        public Builder maxWorkers(int files) {
            this.maxWorkers = checked(files, "files in flight");
            return this;
        }

        /** Between 1 and 64. */
        public Builder connectionsPerFile(int connections) {
            this.connectionsPerFile = checked(connections, "connections per file");
            return this;
        }

        /** 0 for no limit. */
        public Builder bytesPerSecond(long limit) {
            this.bytesPerSecond = checkedRate(limit);
            return this;
        }

        /** Others then only serve failover. */
        public Builder singleSource(boolean oneAtATime) {
            this.singleSource = oneAtATime;
            return this;
        }

        /**
         * When a file cannot be had, the others are fetched and published all the same, and the job fails afterwards by
         * the first failure. Without it the job ends at once.
         */
        public Builder keepGoing(boolean untilAllIsTried) {
            this.keepGoing = untilAllIsTried;
            return this;
        }

        public Builder force(boolean again) {
            this.force = again;
            return this;
        }

        public Builder offline(boolean noConnection) {
            this.offline = noConnection;
            return this;
        }

        /** Null pins nothing. */
        public Builder locked(@Nullable LockFile pins) {
            this.locked = pins;
            return this;
        }

        /** As {@link FetchRequest#patience()}; null for the usual, which begins once somebody has answered. */
        public Builder patience(@Nullable Duration howLong) {
            if (howLong != null && howLong.isNegative()) {
                throw new FetchException.Usage(
                        Message.of("negative-patience", "A patience of {0} is negative.", howLong),
                        Hint.plain("Use 0 to give up at the first exhaustion."));
            }
            this.patience = howLong;
            return this;
        }

        /** Files for which nobody vouches as strongly are not stored; a job that needs one fails. */
        public Builder minVerification(Verification level) {
            this.minVerification = Objects.requireNonNull(level, "minVerification");
            return this;
        }

        /** The job ends at the latest so long after its start, its waiting to begin included; null for never. */
        public Builder timeout(@Nullable Duration afterStart) {
            if (afterStart != null && (afterStart.isNegative() || afterStart.isZero())) {
                throw new FetchException.Usage(
                        Message.of("no-time", "A timeout of {0} leaves no time at all.", afterStart),
                        Hint.plain("Name a longer one, or leave it out."));
            }
            this.timeout = afterStart;
            return this;
        }

        /** Of several jobs that wait to begin, the one with the highest number is next. */
        public Builder priority(int highestFirst) {
            this.priority = highestFirst;
            return this;
        }

        /**
         * A token for this job alone, shown to that source's endpoint (scheme, host and port) and to nobody else, in place
         * of the one that is configured.
         */
        public Builder token(String source, String token) {
            tokens.put(Objects.requireNonNull(source, "source"), Objects.requireNonNull(token, "token"));
            return this;
        }

        /**
         * The repository is public: although one source has a token, the others may be asked at the same time and may
         * take over.
         */
        public Builder isPublic(boolean nothingToHide) {
            this.isPublic = nothingToHide;
            return this;
        }

        /** Asks all sources anew, whatever earlier jobs have learned of them. */
        public Builder probeFresh(boolean asIfNothingWereKnown) {
            this.probeFresh = asIfNothingWereKnown;
            return this;
        }

        /**
         * @throws FetchException.Usage if two decisions contradict each other
         */
        public FetchRequest build() {
            if (force && offline) {
                throw new FetchException.Usage(
                        "Fetching again and staying offline contradict each other.",
                        Hint.of("force-offline", "Choose one of the two."));
            }
            LockFile pins = locked;
            if (pins == null && minVerification == Verification.PINNED) {
                throw new FetchException.Usage(
                        "Nothing is pinned, so nothing can be verified as pinned.",
                        Hint.of("pin-first", "Pin it with a lock file, or ask for origin, cross or self."));
            }
            if (pins != null && !(pins.type() == repo.type() && pins.repo().equals(repo.id()))) {
                throw new FetchException.Usage(
                        Message.of(
                                "pins-other-repository",
                                "The lock file pins {0} ({1}), not {2}.",
                                pins.repo(),
                                pins.type().word(),
                                repo),
                        Hint.plain("Use the lock file that was written for this repository."));
            }
            if (pins != null
                    && revision != null
                    && !revision.equals(pins.commit())
                    && !revision.equals(pins.revision())) {
                throw new FetchException.Usage(
                        Message.of(
                                "pins-other-revision",
                                "Revision {0} is not the one the lock file pins ({1} at {2}).",
                                revision,
                                pins.revision(),
                                pins.commit()),
                        Hint.plain("Leave out the revision or write a new lock file."));
            }
            return new FetchRequest(new Decisions(
                    repo,
                    revision,
                    selection,
                    source,
                    destination,
                    maxWorkers,
                    connectionsPerFile,
                    bytesPerSecond,
                    singleSource,
                    keepGoing,
                    force,
                    offline,
                    locked,
                    patience,
                    minVerification,
                    timeout,
                    priority,
                    new Tokens(tokens),
                    isPublic,
                    probeFresh));
        }

        private static int checked(int count, String what) {
            if (count < 1 || count > MOST_WORKERS) {
                throw new FetchException.Usage(
                        Message.of("bad-number", "The number of {0} is {1}.", new Phrase.Clause(what), count),
                        Hint.of(
                                "number-up-to",
                                "Use a number from 1 to " + MOST_WORKERS + ".",
                                String.valueOf(MOST_WORKERS)));
            }
            return count;
        }
    }
}
