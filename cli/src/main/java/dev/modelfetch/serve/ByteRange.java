package dev.modelfetch.serve;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What part of a file is asked for.
 *
 * @param position of the first byte
 * @param count of bytes; zero if there is no such part
 */
record ByteRange(long position, long count) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The range of one header; empty if it is to be passed over, as it is of another kind or names several. */
    static Optional<ByteRange> of(String header, long size) {
        Matcher one = ONE.matcher(header.replace(" ", ""));
        if (!one.matches()) {
            return Optional.empty();
        }
        String from = one.group(1);
        String to = one.group(2);
        if (from.isEmpty()) {
            if (to.isEmpty()) {
                return Optional.empty();
            }
            long last = Math.min(size, Long.parseLong(to));
            return Optional.of(new ByteRange(size - last, last));
        }
        long start = Long.parseLong(from);
        long end = to.isEmpty() ? size : Math.min(size, Long.parseLong(to) + 1);
        if (!to.isEmpty() && Long.parseLong(to) < start) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(start, Math.max(0, end - start)));
    }

    boolean isThere() {
        return count > 0;
    }

    /** As in {@code Content-Range}. */
    String text(long size) {
        return isThere() ? "bytes " + position + "-" + (position + count - 1) + "/" + size : "bytes */" + size;
    }
}
