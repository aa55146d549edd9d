package dev.modelfetch.spi;

import dev.modelfetch.Verdict;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What one listing may cost. No honest listing comes near; a hub that goes on for ever, in pages, rows, names or time,
 * is left. Make one for each {@link ModelSource#list}, and tell it every question and every row. For one thread.
 *
 * <p>How long a single answer may be, and may take, is bounded by {@link SourceContext#calls()}.
 */
public final class ListingBounds {

    /**
     * The Hub lists 1,000 rows a page, and answers 500 questions of an anonymous caller in five minutes (huggingface.md
     * 1.6, 2.5): these are four such windows, and more files than any hub is known to keep.
     */
    static final int MOST_ROWS = 2_000_000;

    /** What a row may cost in memory, with its digests, its places in several indexes and as text to be stored. */
    static final long BYTES_PER_ROW = 2_048;

    /** As many as ModelScope's own client asks (modelscope.md 1.4); pages of the Hub would hold twice the rows. */
    static final int MOST_QUESTIONS = 5_000;

    /** Nothing longer can be stored: {@code PATH_MAX} of Linux. */
    static final int LONGEST_PATH = 4_096;

    /** Paths of all rows together, in characters: over a hundred each for as many rows as there may be. */
    static final int MOST_NAMES = 1 << 28;

    /** Content of all files together: an exbibyte, so that sums of sizes cannot overflow. */
    static final long MOST_BYTES = 1L << 60;

    /** As ModelScope's own client (modelscope.md 1.5). */
    static final Duration LONGEST = Duration.ofHours(1);

    private final String host;
    private final LongSupplier nanoTime;
    private final long began;
    private final int mostRows;
    private int questions;
    private int rows;
    private int names;
    private long bytes;

    /** @param host that lists, for messages */
    public ListingBounds(String host) {
        this(host, System::nanoTime);
    }

    /** @param nanoTime a clock such as {@link System#nanoTime} */
    public ListingBounds(String host, LongSupplier nanoTime) {
        this(host, nanoTime, Runtime.getRuntime().maxMemory());
    }

    /** @param memory of the whole program, in bytes: a list that does not fit must not take others with it */
    ListingBounds(String host, LongSupplier nanoTime, long memory) {
        this.host = host;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.mostRows = (int) Math.min(MOST_ROWS, memory / BYTES_PER_ROW);
    }

    /** Before each question. */
    public void question() throws SourceException {
        if (nanoTime.getAsLong() - began > LONGEST.toNanos()) {
            throw new SourceException(new Verdict.Down(
                    "no end of the file list within " + LONGEST.toMinutes() + " min (" + host + ")", true));
        }
        if (++questions > MOST_QUESTIONS) {
            throw endless(MOST_QUESTIONS + " pages");
        }
    }

    /** For each row, of a file or not. */
    public void row(String path) throws SourceException {
        if (path.length() > LONGEST_PATH) {
            throw refused("has a path of " + path.length() + " characters");
        }
        if (++rows > mostRows) {
            throw endless(
                    mostRows == MOST_ROWS ? mostRows + " rows" : mostRows + " rows, all that this memory holds (-Xmx)");
        }
        names += path.length();
        if (names > MOST_NAMES) {
            throw endless(MOST_NAMES + " characters of names");
        }
    }

    /**
     * For each file.
     *
     * @param size not negative
     */
    public void file(long size) throws SourceException {
        if (size > MOST_BYTES - bytes) {
            throw refused("claims more than " + (MOST_BYTES >> 50) + " PiB of content");
        }
        bytes += size;
    }

    private SourceException endless(String reached) {
        return refused("goes on after " + reached);
    }

    private SourceException refused(String what) {
        return new SourceException(new Verdict.Blocked("the file list " + what + " (" + host + ")"));
    }
}
