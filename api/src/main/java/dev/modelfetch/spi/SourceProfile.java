package dev.modelfetch.spi;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Who a source is and how it wants to be treated. Made with {@link #of} and changed from there, which a new component does
 * not break.
 *
 * @param id of its provider
 * @param endpoint base address in force; may have a path prefix. Not always one of the web: {@code file:///models}
 * @param family sources of one family share ids and commits; {@code huggingface} is the common spelling
 * @param trust what its listing is worth
 * @param maxConnections at most so many connections to it at once, over all files and jobs
 * @param firstByte how long it may take until the first byte of a file; a caching proxy may fetch upstream first
 */
public record SourceProfile(
        String id, URI endpoint, String family, Trust trust, int maxConnections, Duration firstByte) {

    /** The family whose ids are the common spelling. */
    public static final String HUB = "huggingface";

    private static final int USUAL_CONNECTIONS = 8;
    private static final Duration USUAL_FIRST_BYTE = Duration.ofSeconds(15);

    /** @throws IllegalArgumentException if it allows no connection or no time, or the family has no name */
    public SourceProfile {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(trust, "trust");
        if (family.isBlank()) {
            throw new IllegalArgumentException("a family without a name");
        }
        if (maxConnections < 1 || firstByte.isNegative() || firstByte.isZero()) {
            throw new IllegalArgumentException(
                    "nothing can be had over " + maxConnections + " connections within " + firstByte);
        }
    }

    /**
     * The source of that context: an independent catalogue, a family of its own, 8 connections, 15 seconds to the first
     * byte.
     */
    public static SourceProfile of(SourceContext context) {
        return new SourceProfile(
                context.id(), context.endpoint(), context.id(), Trust.INDEPENDENT, USUAL_CONNECTIONS, USUAL_FIRST_BYTE);
    }

    /** The same in another family; {@link #HUB} for one that has the Hub's ids and commits. */
    public SourceProfile withFamily(String name) {
        return new SourceProfile(id, endpoint, name, trust, maxConnections, firstByte);
    }

    /** The same, whose listing is worth more or less. */
    public SourceProfile withTrust(Trust worth) {
        return new SourceProfile(id, endpoint, family, worth, maxConnections, firstByte);
    }

    /** The same with another limit. */
    public SourceProfile withMaxConnections(int most) {
        return new SourceProfile(id, endpoint, family, trust, most, firstByte);
    }

    /** The same, which starts to send sooner or later. */
    public SourceProfile withFirstByte(Duration longest) {
        return new SourceProfile(id, endpoint, family, trust, maxConnections, longest);
    }
}
