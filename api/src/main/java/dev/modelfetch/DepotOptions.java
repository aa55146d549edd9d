package dev.modelfetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How a {@link Depot} works. Immutable. */
public final class DepotOptions {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int FILLINGS = 64;

    private final SourceChoice source;
    private final @Nullable Path cache;
    private final boolean offline;
    private final boolean strict;
    private final boolean everythingIsPublic;
    private final boolean trustsCallers;
    private final boolean remembersCallers;
    private final Duration freshFor;
    private final int fillings;
    private final FetchListener listener;
    private final OptionalLong cacheSize;
    private final OptionalLong keepFree;
    private final Predicate<Repo> kept;

    private DepotOptions(Builder builder) {
        this.source = builder.source;
        this.cache = builder.cache;
        this.offline = builder.offline;
        this.strict = builder.strict;
        this.everythingIsPublic = builder.everythingIsPublic;
        this.trustsCallers = builder.trustsCallers;
        this.remembersCallers = builder.remembersCallers;
        this.freshFor = builder.freshFor;
        this.fillings = builder.fillings;
        this.listener = builder.listener;
        this.cacheSize = builder.cacheSize;
        this.keepFree = builder.keepFree;
        this.kept = builder.kept;
    }

    /** From whichever source is best, in the cache that jobs store in, for callers who must not see more than a hub shows. */
    public static DepotOptions usual() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public SourceChoice source() {
        return source;
    }

    /** Empty for the one that jobs store in. */
    public Optional<Path> cacheDirectory() {
        return Optional.ofNullable(cache);
    }

    public boolean offline() {
        return offline;
    }

    public boolean strict() {
        return strict;
    }

    public boolean everythingIsPublic() {
        return everythingIsPublic;
    }

    public boolean trustsCallers() {
        return trustsCallers;
    }

    public boolean remembersCallers() {
        return remembersCallers;
    }

    public Duration freshFor() {
        return freshFor;
    }

    public int fillings() {
        return fillings;
    }

    public FetchListener listener() {
        return listener;
    }

    public OptionalLong cacheSize() {
        return cacheSize;
    }

    public long keepFree() {
        return keepFree.orElse(0);
    }

    /** Whether it has been said how much room there is, so that what is stored may have to go. */
    public boolean mayEvict() {
        return cacheSize.isPresent() || keepFree.isPresent();
    }

    public Predicate<Repo> kept() {
        return kept;
    }

    /** Collects them. */
    public static final class Builder {

        private SourceChoice source = SourceChoice.auto();
        private @Nullable Path cache;
        private boolean offline;
        private boolean strict;
        private boolean everythingIsPublic;
        private boolean trustsCallers;
        private boolean remembersCallers;
        private Duration freshFor = MINUTE;
        private int fillings = FILLINGS;
        private FetchListener listener = FetchListener.SILENT;
        private OptionalLong cacheSize = OptionalLong.empty();
        private OptionalLong keepFree = OptionalLong.empty();
        private Predicate<Repo> kept = repo -> false;

        private Builder() {}

        /** Whom to ask. */
        public Builder source(SourceChoice choice) {
            this.source = Objects.requireNonNull(choice);
            return this;
        }

        /** The directory that holds {@code models--…}. */
        public Builder cacheDirectory(Path root) {
            this.cache = Objects.requireNonNull(root);
            return this;
        }

        /** No connection at all: only what is stored is handed out. */
        public Builder offline(boolean noConnection) {
            this.offline = noConnection;
            return this;
        }

        /** No byte is sent before all of its file has been verified; readers of large files wait long. */
        public Builder strict(boolean verifiedOnly) {
            this.strict = verifiedOnly;
            return this;
        }

        /** The names that are asked for are no secret, although callers have tokens: they may be shown to every source. */
        public Builder everythingIsPublic(boolean nothingToHide) {
            this.everythingIsPublic = nothingToHide;
            return this;
        }

        /**
         * Whoever calls could read the disk as well: of what is stored and nothing is known of, all is shown while no hub
         * can say whether everybody may read it.
         */
        public Builder trustsCallers(boolean samePerson) {
            this.trustsCallers = samePerson;
            return this;
        }

        /**
         * What is not for everybody is shown, while nobody can be asked, to those with a token to whom it was shown before.
         * Of their tokens no more is kept than a salted digest; without this, nothing.
         */
        public Builder remembersCallers(boolean known) {
            this.remembersCallers = known;
            return this;
        }

        /** For how long a branch is not asked for again; a minute unless set. */
        public Builder freshFor(Duration time) {
            this.freshFor = Objects.requireNonNull(time);
            return this;
        }

        /** So many files are filled at the same time; 64 unless set. */
        public Builder fillings(int most) {
            if (most < 1) {
                throw new FetchException.Usage("The number of files at once is " + most + ".", "Use 1 or more.");
            }
            this.fillings = most;
            return this;
        }

        /** Told what happens while files are filled, by one file at a time. */
        public Builder listener(FetchListener told) {
            this.listener = Objects.requireNonNull(told);
            return this;
        }

        /**
         * The cache has no more than so many bytes; what was read least recently goes for what is wanted now. Where no
         * room can be had, a file passes through without being stored.
         */
        public Builder cacheSize(long bytes) {
            this.cacheSize = OptionalLong.of(bytes);
            return this;
        }

        /** As {@link #cacheSize}: so many bytes of its disk stay free. */
        public Builder keepFree(long bytes) {
            this.keepFree = OptionalLong.of(bytes);
            return this;
        }

        /** What never goes for something else; nothing unless set. */
        public Builder kept(Predicate<Repo> always) {
            this.kept = Objects.requireNonNull(always);
            return this;
        }

        public DepotOptions build() {
            return new DepotOptions(this);
        }
    }
}
