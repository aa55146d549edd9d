package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients.Timeouts;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceProfile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything decided once for the life of an engine: explicit values over the environment over the configuration file.
 *
 * @param endpoints source id to address, where it is not the provider's own
 * @param tokens source id to secret
 * @param routes which way requests travel
 * @param aliases source id to (common id to id there)
 * @param cacheRoot default hub cache
 * @param symlinks whether snapshots may link to blobs
 * @param offline whether any connection is forbidden
 * @param timeouts of probes and transfers
 * @param chinaFirst start order of a race
 * @param notRaced sources that {@code auto} leaves out
 * @param providers handed in by the program
 * @param discover whether to look for more with {@code ServiceLoader}
 * @param explicit whether the program itself has said something of a source, which is judged whether it is needed or not
 * @param config for request defaults
 */
public record Settings(
        Map<String, String> endpoints,
        Map<String, Secret> tokens,
        Routes routes,
        Map<String, Map<String, String>> aliases,
        Path cacheRoot,
        boolean symlinks,
        boolean offline,
        Timeouts timeouts,
        boolean chinaFirst,
        List<String> notRaced,
        List<ModelSourceProvider> providers,
        boolean discover,
        boolean explicit,
        ConfigFile config) {

    /** The one look at the real environment. */
    public static Map<String, String> processEnvironment() {
        return System.getenv();
    }

    /**
     * Merges the three layers. What was said explicitly is judged here, whether or not a job will need it; addresses of
     * the environment and the file only when a source is opened.
     *
     * @param environment variables to honour; empty for a service, which then has no configuration file either
     * @throws FetchException.Usage if one of them cannot be used
     */
    public static Settings of(
            Map<String, String> endpoints,
            Map<String, String> tokens,
            Map<String, String> proxies,
            Map<String, Map<String, String>> aliases,
            Optional<Path> cacheDirectory,
            Map<String, String> environment,
            List<ModelSourceProvider> providers,
            boolean discover) {
        endpoints.forEach((source, address) -> Endpoints.parse("The endpoint of " + source, address));
        Environment env = new Environment(environment);
        ConfigFile config = environment.isEmpty() ? ConfigFile.EMPTY : ConfigFile.read(env.configFile());
        Map<String, String> addresses = layered(config.endpoints(), env.endpoints(), endpoints);
        Map<String, Secret> secrets = new LinkedHashMap<>();
        layered(Map.of(), env.tokens(), tokens).forEach((source, token) -> secrets.put(source, secret(source, token)));
        Map<String, Map<String, String>> names = new LinkedHashMap<>(config.aliases());
        aliases.forEach((source, ids) -> names.merge(source, ids, (less, more) -> layered(less, Map.of(), more)));
        Path cache = cacheDirectory
                .or(env::namedHubCache)
                .or(() -> Optional.ofNullable(config.cacheDir()).map(env::expanded))
                .orElseGet(env::hubCache);
        // Whoever names the origin's address wants it asked, whatever HF_ENDPOINT says.
        boolean originLeftOut = env.hubElsewhere().isPresent() && !addresses.containsKey(SourceProfile.HUB);
        return new Settings(
                addresses,
                secrets,
                environment.isEmpty()
                        ? new Routes(proxies, env.variables())
                        : new Routes(new ProxyLayer(env.configFile(), config.proxies(), proxies), env.variables()),
                names,
                cache.toAbsolutePath().normalize(),
                env.symlinks(),
                env.offline(),
                env.timeouts(),
                env.mainlandChina(),
                originLeftOut ? List.of(SourceProfile.HUB) : List.of(),
                List.copyOf(providers),
                discover,
                !(endpoints.isEmpty() && tokens.isEmpty() && proxies.isEmpty() && aliases.isEmpty()),
                config);
    }

    /** What a request uses where it does not choose. */
    public SourceChoice defaultChoice() {
        return config.source() == null ? SourceChoice.auto() : SourceChoice.parse(config.source());
    }

    private static Secret secret(String source, String token) {
        String clean = token.replaceAll("[\\r\\n]", "").strip();
        if (clean.isEmpty() || !clean.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new FetchException.Usage(
                    "The token for " + source + " is empty or has characters no token has.",
                    "Copy it again from the hub's settings page.");
        }
        return new Secret(clean);
    }

    /** What counts more comes later: a source has several names, and the layers may use different ones. */
    private static Map<String, String> layered(
            Map<String, String> lowest, Map<String, String> middle, Map<String, String> highest) {
        Map<String, String> merged = new LinkedHashMap<>(lowest);
        for (Map<String, String> layer : List.of(middle, highest)) {
            merged.keySet().removeAll(layer.keySet());
            merged.putAll(layer);
        }
        return merged;
    }
}
