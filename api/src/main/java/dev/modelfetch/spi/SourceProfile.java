package dev.modelfetch.spi;

import java.time.Duration;
import okhttp3.HttpUrl;

/**
 * Who a source is and how it wants to be treated.
 *
 * @param id of its provider
 * @param endpoint base address in force; may have a path prefix
 * @param family sources of one family share ids and commits; {@code huggingface} is the common spelling
 * @param trust what its listing is worth
 * @param maxConnections at most so many connections to it at once, over all files
 * @param firstByte how long it may take until the first byte of a file; a caching proxy may fetch upstream first
 */
public record SourceProfile(
        String id, HttpUrl endpoint, String family, Trust trust, int maxConnections, Duration firstByte) {

    /** The family whose ids are the common spelling. */
    public static final String HUB = "huggingface";
}
