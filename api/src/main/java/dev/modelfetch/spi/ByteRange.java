package dev.modelfetch.spi;

/**
 * Some bytes of a file, in a row.
 *
 * @param from position of the first
 * @param to one past the last; equal to {@code from} if there are none
 */
public record ByteRange(long from, long to) {

    /** @throws IllegalArgumentException if it begins before the file or ends before it begins */
    public ByteRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("not a range: " + from + " to " + to);
        }
    }

    /** How many. */
    public long length() {
        return to - from;
    }
}
