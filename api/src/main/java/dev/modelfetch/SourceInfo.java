package dev.modelfetch;

import java.util.Set;

/**
 * A source as it is set up.
 *
 * @param id what {@code --source} and the maps of endpoints, tokens and proxies call it
 * @param names short forms
 * @param endpoint base address in force, without credentials
 * @param route how requests to that endpoint travel: {@code direct}, or the masked proxy and the setting that chose it
 * @param hasToken whether a token is configured for it
 */
public record SourceInfo(String id, Set<String> names, String endpoint, String route, boolean hasToken) {
    public SourceInfo {
        names = Set.copyOf(names);
    }
}
