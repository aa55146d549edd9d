package dev.modelfetch;

import java.util.OptionalLong;

/**
 * How full the cache of a {@link Depot} is.
 *
 * @param stored bytes when it was last looked at; -1 if that was not needed yet
 * @param free bytes of its disk
 * @param limit bytes that it may have; empty if nobody has said
 * @param evictedFiles how many have been removed for others since it was opened
 * @param evictedBytes of those
 */
public record DepotRoom(long stored, long free, OptionalLong limit, long evictedFiles, long evictedBytes) {}
