package dev.modelfetch;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How far a job is.
 *
 * @param phase what it is doing
 * @param files that are wanted; 0 while that is not known
 * @param filesDone of these, stored and verified
 * @param bytes of all of them; 0 while that is not known
 * @param bytesDone of these, on disk, those of earlier jobs included
 * @param bytesPerSecond over the last seconds
 * @param sources that send at the moment
 */
public record FetchProgress(
        Phase phase, int files, int filesDone, long bytes, long bytesDone, long bytesPerSecond, Set<String> sources) {

    /** What a job is doing. */
    public enum Phase {
        /** Its turn has not come yet. */
        QUEUED,
        /** Asks sources. */
        CHOOSING,
        FETCHING,
        /** For a network that is away, or for another process. */
        WAITING,
        DONE,
        FAILED;

        /** In lower case, as in JSON and metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public FetchProgress {
        sources = Set.copyOf(sources);
    }

    /** Whole percent of the bytes; empty while their number is not known. */
    public OptionalInt percent() {
        if (phase == Phase.DONE) {
            return OptionalInt.of(100);
        }
        return bytes == 0 ? OptionalInt.empty() : OptionalInt.of((int) (100 * Math.min(bytesDone, bytes) / bytes));
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return phase == Phase.DONE || phase == Phase.FAILED;
    }
}
