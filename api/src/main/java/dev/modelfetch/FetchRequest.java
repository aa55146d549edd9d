package dev.modelfetch;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything one job decides. Immutable; {@link #toBuilder()} derives another. */
public final class FetchRequest {

    private static final int MOST_WORKERS = 64;
    private static final int USUAL_WORKERS = 8;
    /** A router that restarts, a VPN that is switched over, a mirror that is redeployed: all are back by then. */
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);

    private final Repo repo;
    private final @Nullable String revision;
    private final Selection selection;
    private final SourceChoice source;
    private final Destination destination;
    private final @Nullable Integer maxWorkers;
    private final int connectionsPerFile;
    private final long bytesPerSecond;
    private final boolean singleSource;
    private final boolean force;
    private final boolean offline;
    private final @Nullable LockFile locked;
    private final @Nullable Duration patience;
    private final Verification minVerification;

    private FetchRequest(Builder builder) {
        this.repo = builder.repo;
        this.revision = builder.revision;
        this.selection = builder.selection;
        this.source = builder.source;
        this.destination = builder.destination;
        this.maxWorkers = builder.maxWorkers;
        this.connectionsPerFile = builder.connectionsPerFile;
        this.bytesPerSecond = builder.bytesPerSecond;
        this.singleSource = builder.singleSource;
        this.force = builder.force;
        this.offline = builder.offline;
        this.locked = builder.locked;
        this.patience = builder.patience;
        this.minVerification = builder.minVerification;
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
        Address parsed = Address.parse(address);
        Builder builder = new Builder(parsed.repo()).revision(parsed.revision());
        if (parsed.file() != null) {
            builder.selection(Selection.all().withLiteral(parsed.file()));
        }
        return builder;
    }

    /** Starts from a repository. */
    public static Builder builder(Repo repo) {
        return new Builder(repo);
    }

    public Repo repo() {
        return repo;
    }

    /** Branch, tag or commit; empty for the source's own default branch. */
    public Optional<String> revision() {
        return Optional.ofNullable(revision);
    }

    public Selection selection() {
        return selection;
    }

    public SourceChoice source() {
        return source;
    }

    public Destination destination() {
        return destination;
    }

    /** Files in flight: no more than were set, or 8 to begin with. */
    public int maxWorkers() {
        return maxWorkers == null ? USUAL_WORKERS : maxWorkers;
    }

    /** Whether more small files may be in flight while that pays; not where a number was set. */
    public boolean workersMayGrow() {
        return maxWorkers == null;
    }

    /** Upper limit of range connections inside one file. */
    public int connectionsPerFile() {
        return connectionsPerFile;
    }

    /** Limit over all connections together, in bytes per second; 0 for none. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Take the bytes of a file from one source at a time, even where several prove the same content. */
    public boolean singleSource() {
        return singleSource;
    }

    /** Fetch again even what is stored and correct. */
    public boolean force() {
        return force;
    }

    /** No connection at all; succeed only from what is stored. */
    public boolean offline() {
        return offline;
    }

    /** What must be fetched, to the byte; empty when nothing is pinned. */
    public Optional<LockFile> locked() {
        return Optional.ofNullable(locked);
    }

    /**
     * How long the job goes on trying while nothing arrives from any source: what was set, else ten minutes. Zero: only
     * until every source has failed a few times.
     */
    public Duration patience() {
        return patience == null ? USUAL_PATIENCE : patience;
    }

    /**
     * Whether the job is as patient before anybody has answered at all. Only where a patience was set: otherwise a job
     * that reaches nobody ends within seconds.
     */
    public boolean patientFromStart() {
        return patience != null;
    }

    /** Who must vouch for a file at least, so that it is stored. */
    public Verification minVerification() {
        return minVerification;
    }

    public Builder toBuilder() {
        Builder copy = new Builder(repo);
        copy.revision = revision;
        copy.selection = selection;
        copy.source = source;
        copy.destination = destination;
        copy.maxWorkers = maxWorkers;
        copy.connectionsPerFile = connectionsPerFile;
        copy.bytesPerSecond = bytesPerSecond;
        copy.singleSource = singleSource;
        copy.force = force;
        copy.offline = offline;
        copy.locked = locked;
        copy.patience = patience;
        copy.minVerification = minVerification;
        return copy;
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
        private boolean force;
        private boolean offline;
        private @Nullable LockFile locked;
        private @Nullable Duration patience;
        private Verification minVerification = Verification.SIZE;

        private Builder(Repo repo) {
            this.repo = repo;
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

        public Builder selection(Selection wanted) {
            this.selection = wanted;
            return this;
        }

        public Builder source(SourceChoice choice) {
            this.source = choice;
            return this;
        }

        public Builder destination(Destination where) {
            this.destination = where;
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
            if (limit < 0) {
                throw new FetchException.Usage(
                        "A rate of " + limit + " bytes per second is negative.", "Use 0 for no limit.");
            }
            this.bytesPerSecond = limit;
            return this;
        }

        /** Others then only serve failover. */
        public Builder singleSource(boolean oneAtATime) {
            this.singleSource = oneAtATime;
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

        public Builder locked(@Nullable LockFile pins) {
            this.locked = pins;
            return this;
        }

        /** As {@link FetchRequest#patience()}; null for the usual, which begins once somebody has answered. */
        public Builder patience(@Nullable Duration howLong) {
            if (howLong != null && howLong.isNegative()) {
                throw new FetchException.Usage(
                        "A patience of " + howLong + " is negative.", "Use 0 to give up at the first exhaustion.");
            }
            this.patience = howLong;
            return this;
        }

        /** Files for which nobody vouches as strongly are not stored; a job that needs one fails. */
        public Builder minVerification(Verification level) {
            this.minVerification = level;
            return this;
        }

        /**
         * @throws FetchException.Usage if two decisions contradict each other
         */
        public FetchRequest build() {
            if (force && offline) {
                throw new FetchException.Usage(
                        "Fetching again and staying offline contradict each other.", "Leave out --force or --offline.");
            }
            LockFile pins = locked;
            if (pins == null && minVerification == Verification.PINNED) {
                throw new FetchException.Usage(
                        "Nothing is pinned, so nothing can be verified as pinned.",
                        "Name a lock file with --locked, or ask for origin, cross or self.");
            }
            if (pins != null && !(pins.type() == repo.type() && pins.repo().equals(repo.id()))) {
                throw new FetchException.Usage(
                        "The lock file pins " + pins.repo() + " (" + pins.type().word() + "), not " + repo + ".",
                        "Use the lock file that was written for this repository.");
            }
            if (pins != null
                    && revision != null
                    && !revision.equals(pins.commit())
                    && !revision.equals(pins.revision())) {
                throw new FetchException.Usage(
                        "Revision " + revision + " is not the one the lock file pins (" + pins.revision() + " at "
                                + pins.commit() + ").",
                        "Leave out the revision or write a new lock file.");
            }
            return new FetchRequest(this);
        }

        private static int checked(int count, String what) {
            if (count < 1 || count > MOST_WORKERS) {
                throw new FetchException.Usage(
                        "The number of " + what + " is " + count + ".", "Use a number from 1 to " + MOST_WORKERS + ".");
            }
            return count;
        }
    }
}
