package dev.modelfetch;

import java.util.Optional;

/** Files that a {@link Depot} fetches for later readers. Thread-safe. */
public interface Prefetch {

    /** What has become of it. */
    enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        /** The word used in JSON. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Unique in this depot. */
    String id();

    State state();

    /** Bytes that are there, of all files. */
    long bytesDone();

    long bytesTotal();

    /** Why it has failed. */
    Optional<FetchException> error();

    /** Stops it; what is there is kept. */
    void cancel();
}
