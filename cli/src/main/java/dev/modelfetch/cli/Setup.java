package dev.modelfetch.cli;

import dev.modelfetch.Modelfetch;
import dev.modelfetch.ProxyPolicy;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says about the program as a whole, as opposed to one job.
 *
 * @param endpoints address by source
 * @param tokens by source; never printed
 * @param tokenFiles by source
 * @param proxies by source
 * @param proxyPolicy null for the usual
 * @param cacheDirectory root of the hub cache, null for the default
 * @param caBundle further certificates, null for none
 * @param environment variables the engine honours
 */
record Setup(
        Map<String, String> endpoints,
        Map<String, String> tokens,
        Map<String, Path> tokenFiles,
        Map<String, String> proxies,
        @Nullable ProxyPolicy proxyPolicy,
        @Nullable Path cacheDirectory,
        @Nullable Path caBundle,
        Map<String, String> environment) {

    Setup {
        endpoints = Map.copyOf(endpoints);
        tokens = Map.copyOf(tokens);
        tokenFiles = Map.copyOf(tokenFiles);
        proxies = Map.copyOf(proxies);
        environment = Map.copyOf(environment);
    }

    /** A builder that holds all of it. */
    Modelfetch.Builder builder() {
        Modelfetch.Builder builder = Modelfetch.builder().environment(environment);
        endpoints.forEach(builder::endpoint);
        tokens.forEach(builder::token);
        tokenFiles.forEach(builder::tokenFile);
        proxies.forEach(builder::proxy);
        if (proxyPolicy != null) {
            builder.proxyPolicy(proxyPolicy);
        }
        if (cacheDirectory != null) {
            builder.cacheDirectory(cacheDirectory);
        }
        if (caBundle != null) {
            builder.caBundle(caBundle);
        }
        return builder;
    }

    /** Says which settings there are; tokens only by the name of their source. */
    @Override
    public String toString() {
        return "Setup[endpoints=" + endpoints + ", tokens for " + tokens.keySet() + ", proxies for " + proxies.keySet()
                + "]";
    }
}
