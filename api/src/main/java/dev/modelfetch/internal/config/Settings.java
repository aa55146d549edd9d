package dev.modelfetch.internal.config;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.ProxyPolicy;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients.Timeouts;
import dev.modelfetch.internal.net.Routes;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.net.Trust;
import dev.modelfetch.internal.token.TokenFile;
import dev.modelfetch.internal.token.TokenStore;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything decided once for the life of an engine: explicit values over the environment over the configuration file.
 *
 * @param endpoints source id to address, where it is not the provider's own
 * @param tokens source id to a secret that nobody has judged yet
 * @param stored where tokens are kept by source id; null for a service, which keeps none
 * @param unreadableTokens source id to a file that should hold its token; looked for when asked
 * @param routes which way requests travel
 * @param aliases source id to (common id to id there)
 * @param cacheRoot default hub cache
 * @param cacheFrom what has decided that: a variable, a key of a file, an option; {@code default} if nothing has
 * @param modelScopeCache where ModelScope's own tools keep what they fetch
 * @param memory where what is learned of sources is kept; empty for nowhere
 * @param symlinks whether snapshots may link to blobs
 * @param offline whether any connection is forbidden
 * @param timeouts of probes and transfers, read when first needed
 * @param trust in the certificates of hosts
 * @param chinaFirst start order of a race
 * @param notRaced sources that {@code auto} leaves out
 * @param providers handed in by the program
 * @param discover whether to look for more with {@code ServiceLoader}
 * @param explicit whether the program itself has said something of a source, which is judged whether it is needed or not
 * @param config for request defaults
 * @param transport brought along by the program
 */
public record Settings(
        Map<String, Setting> endpoints,
        Map<String, Setting> tokens,
        @Nullable StoredTokens stored,
        Supplier<Map<String, Path>> unreadableTokens,
        Routes routes,
        Map<String, Map<String, String>> aliases,
        Path cacheRoot,
        String cacheFrom,
        Path modelScopeCache,
        Optional<Path> memory,
        boolean symlinks,
        boolean offline,
        Supplier<Timeouts> timeouts,
        Trust trust,
        boolean chinaFirst,
        List<String> notRaced,
        List<ModelSourceProvider> providers,
        boolean discover,
        boolean explicit,
        ConfigFile config,
        Transport transport) {

    /** The one look at the real environment. */
    public static Map<String, String> processEnvironment() {
        return System.getenv();
    }

    /**
     * Tokens that are kept from one run to the next.
     *
     * @param of that source id
     * @param variable whose token counts more, by source id
     * @param offBy what has stored tokens left alone, by source id
     */
    public record StoredTokens(
            Function<String, TokenStore> of,
            Function<String, Optional<String>> variable,
            Function<String, Optional<String>> offBy) {}

    /**
     * What a program has said itself.
     *
     * @param tokenFiles files to read tokens from
     * @param memory where what is learned of sources is kept
     * @param forgetful whether it is kept nowhere, whatever the environment says
     * @param proxyPolicy when a proxy is used that is not fixed for a source
     * @param caBundle certificates in PEM form
     * @param environment variables to honour; empty for a service, which then has no configuration file either
     */
    public record Said(
            Map<String, String> endpoints,
            Map<String, String> tokens,
            Map<String, Path> tokenFiles,
            Map<String, String> proxies,
            Map<String, Map<String, String>> aliases,
            Optional<Path> cacheDirectory,
            Optional<Path> memory,
            boolean forgetful,
            Optional<ProxyPolicy> proxyPolicy,
            Optional<Path> caBundle,
            Map<String, String> environment,
            List<ModelSourceProvider> providers,
            boolean discover,
            Transport transport) {

        public Said {
            endpoints = Map.copyOf(endpoints);
            tokens = Map.copyOf(tokens);
            tokenFiles = Map.copyOf(tokenFiles);
            proxies = Map.copyOf(proxies);
            aliases = Map.copyOf(aliases);
            environment = Map.copyOf(environment);
            providers = List.copyOf(providers);
        }

        /** Whether it is of a source. */
        boolean ofSources() {
            return !(endpoints.isEmpty()
                    && tokens.isEmpty()
                    && tokenFiles.isEmpty()
                    && proxies.isEmpty()
                    && aliases.isEmpty()
                    && transport.tokens().isEmpty());
        }
    }

    /**
     * Merges the three layers. What was said explicitly is judged here, whether or not a job will need it; what the
     * environment and the file say of sources and routes only when a job does.
     *
     * @throws FetchException.Usage if something that was said cannot be used; of several, all are named
     */
    public static Settings of(Said said) {
        Complaints complaints = new Complaints();
        Settings settings = of(said, complaints);
        complaints.raise();
        return settings;
    }

    /** As {@link #of(Said)}, for one who has more to complain of. */
    public static Settings of(Said said, Complaints complaints) {
        Map<String, Setting> addresses = named(said.endpoints(), source -> "The endpoint of " + source);
        addresses.values().forEach(address -> complaints.of(() -> Endpoints.parse(address)));
        Map<String, Setting> secrets = named(said.tokens(), source -> "the token that was given");
        said.tokenFiles().forEach((source, file) -> complaints.of(() -> secrets.put(source, content(source, file))));
        secrets.forEach((source, secret) -> complaints.of(() -> Secret.of(source, secret)));
        Map<String, Setting> ways = named(said.proxies(), source -> "--proxy " + source);
        ways.values().forEach(way -> complaints.of(() -> Routes.check(way)));
        Optional<Setting> certificates = said.caBundle().map(file -> new Setting(file.toString(), "--ca-bundle"));
        certificates.ifPresent(bundle -> complaints.of(() -> Certificates.of(bundle)));
        Environment env = new Environment(said.environment());
        Path file = env.configFile();
        ConfigFile config = said.environment().isEmpty()
                ? ConfigFile.EMPTY
                : complaints.or(ConfigFile.EMPTY, () -> ConfigFile.read(file));
        Map<String, Setting> reachable = layered(
                named(config.endpoints(), source -> "endpoints." + source + " in " + file), env.endpoints(), addresses);
        Map<String, Map<String, String>> names = new LinkedHashMap<>(
                said.environment().isEmpty() ? Map.of() : complaints.or(Map.of(), () -> AliasFiles.beside(file)));
        config.aliases()
                .forEach((source, ids) -> names.merge(source, ids, (less, more) -> layered(less, Map.of(), more)));
        said.aliases()
                .forEach((source, ids) -> names.merge(source, ids, (less, more) -> layered(less, Map.of(), more)));
        Setting cache = said.cacheDirectory()
                .map(root -> new Setting(root.toString(), "--cache-dir"))
                .or(env::namedHubCache)
                .or(() -> Optional.ofNullable(config.cacheDir())
                        .map(root -> new Setting(env.expanded(root).toString(), "cacheDir in " + file)))
                .orElseGet(env::hubCache);
        // Whoever names the origin's address wants it asked, whatever HF_ENDPOINT says.
        boolean originLeftOut = env.hubElsewhere().isPresent() && !reachable.containsKey(SourceProfile.HUB);
        return new Settings(
                reachable,
                layered(Map.of(), env.tokens(), secrets),
                said.environment().isEmpty()
                        ? null
                        : new StoredTokens(env::tokenStore, env::tokenVariable, env::noStoredTokensBy),
                env::unreadableTokens,
                new Routes(
                        said.environment().isEmpty() ? () -> ways : new ProxyLayer(file, config.proxies(), ways),
                        env.variables(),
                        said.transport().proxySelector(),
                        said.proxyPolicy()
                                .or(() -> Optional.ofNullable(config.proxyPolicy())
                                        .map(ProxyPolicy::parse))
                                .orElse(ProxyPolicy.DIRECT_FIRST)),
                names,
                new Destination.HubCacheAt(Path.of(cache.value())).root(),
                cache.from(),
                env.modelScopeCache(),
                said.forgetful()
                        ? Optional.empty()
                        : said.memory().or(() -> said.environment().isEmpty() ? Optional.empty() : env.memory()),
                env.symlinks(),
                env.offline(),
                env::timeouts,
                Certificates.trust(certificates.or(env::caBundle)),
                env.mainlandChina(),
                originLeftOut ? List.of(SourceProfile.HUB) : List.of(),
                said.providers(),
                said.discover(),
                said.ofSources(),
                config,
                said.transport());
    }

    /** What a request uses where it does not choose. */
    public SourceChoice defaultChoice() {
        return config.source() == null ? SourceChoice.auto() : SourceChoice.parse(config.source());
    }

    private static Setting content(String source, Path file) {
        try {
            return TokenFile.read(file);
        } catch (IOException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "token-file-unreadable",
                            "The token file {0} for {1} cannot be read: {2}.",
                            file,
                            source,
                            Phrase.Clause.of(e)),
                    Hint.plain("Check the path and its permissions."),
                    e);
        }
    }

    /** @param from what each is known by, by its source */
    static Map<String, Setting> named(Map<String, String> values, UnaryOperator<String> from) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        values.forEach((source, value) -> settings.put(source, new Setting(value, from.apply(source))));
        return settings;
    }

    /** What counts more comes later: a source has several names, and the layers may use different ones. */
    private static <T> Map<String, T> layered(Map<String, T> lowest, Map<String, T> middle, Map<String, T> highest) {
        Map<String, T> merged = new LinkedHashMap<>(lowest);
        for (Map<String, T> layer : List.of(middle, highest)) {
            merged.keySet().removeAll(layer.keySet());
            merged.putAll(layer);
        }
        return merged;
    }
}
