package dev.modelfetch;

import java.util.List;

/**
 * A file of a {@link Depot} that is being filled.
 *
 * @param repo of which
 * @param path in that
 * @param size bytes of all of it
 * @param present bytes that are there
 * @param readers who read it meanwhile
 * @param sources that send it now
 * @param rate bytes per second that come, over the last seconds
 * @param open whether everybody may read it
 */
public record Filling(
        Repo repo, String path, long size, long present, int readers, List<String> sources, long rate, boolean open) {
    public Filling {
        sources = List.copyOf(sources);
    }
}
