package dev.modelfetch;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The beginning of a file, as one source sends it.
 *
 * @param source its id
 * @param route by which it was asked
 * @param host that sent the bytes, with its port unless that is the usual one; empty where no host is known, as for a
 *     directory
 * @param bytes that came; few, so that they show how soon a file begins, and little of what a line can carry
 * @param millis from the question to the last of them
 * @param failure why none came; empty if some did
 */
public record Sample(
        String source, String route, Optional<String> host, int bytes, long millis, Optional<Verdict> failure) {

    public Sample {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(failure, "failure");
    }

    /** Over the whole time; empty if nothing came. */
    public OptionalLong bytesPerSecond() {
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes * 1000L / Math.max(1, millis));
    }
}
