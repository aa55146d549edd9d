package dev.modelfetch.testing.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of a {@code Range} header, fitted to a size.
 *
 * @param from inclusive
 * @param to exclusive
 * @param closed whether the header named an end
 */
record ByteRange(long from, long to, boolean closed) {

    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    /** Empty without a header and for anything but a single range, which servers may ignore. */
    static Optional<ByteRange> of(Request request, long size) {
        Matcher header = SINGLE.matcher(request.header("Range").orElse(""));
        if (!header.matches() || (header.group(1).isEmpty() && header.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (header.group(1).isEmpty()) {
            return Optional.of(new ByteRange(Math.max(0, size - Long.parseLong(header.group(2))), size, false));
        }
        long from = Long.parseLong(header.group(1));
        boolean closed = !header.group(2).isEmpty();
        return Optional.of(new ByteRange(
                from, closed ? Math.min(size, Long.parseLong(header.group(2)) + 1) : size, closed));
    }

    /** As every honest server answers: 206, 416, or all of it when there is no range or {@code If-Range} differs. */
    static Reply answer(Request request, Reply whole) {
        String etag = whole.headers().getOrDefault("ETag", "");
        boolean current = request.header("If-Range").map(etag::equals).orElse(true);
        Reply ranged = whole.with("Accept-Ranges", "bytes");
        return of(request, whole.content().size())
                .filter(range -> current)
                .map(range -> range.cut(ranged))
                .orElse(ranged);
    }

    private Reply cut(Reply whole) {
        long size = whole.content().size();
        if (from >= size || from >= to) {
            return Reply.text(416, "range not satisfiable")
                    .with("Content-Range", "bytes */" + size)
                    .about(whole.file());
        }
        return whole.status(206).slice(from, to).with("Content-Range", contentRange(size));
    }

    String contentRange(long size) {
        return "bytes %d-%d/%d".formatted(from, to - 1, size);
    }
}
