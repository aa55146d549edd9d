package dev.modelfetch.internal.config;

import dev.modelfetch.internal.net.Tls;
import java.net.ProxySelector;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a program brings along for its connections, which no text can say.
 *
 * @param product who asks, in front of our own name
 * @param tls in place of what we would trust
 * @param proxySelector in place of the environment and the system properties
 * @param tokens by source, asked for before each request that shows them
 */
public record Transport(
        Optional<String> product,
        Optional<Tls> tls,
        Optional<ProxySelector> proxySelector,
        Map<String, Supplier<String>> tokens) {

    /** Nothing of the kind. */
    public static final Transport USUAL = new Transport(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    public Transport {
        tokens = Map.copyOf(tokens);
    }
}
