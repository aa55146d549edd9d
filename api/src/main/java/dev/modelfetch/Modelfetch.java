package dev.modelfetch;

import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.engine.Engine;
import dev.modelfetch.spi.ModelSourceProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The front door. Built once, shared between threads, closed at the end of the program.
 *
 * <p>Every method that returns a plain value blocks until it is there, and throws {@link FetchException} and nothing
 * else for whatever went wrong outside the program. Interrupting the calling thread cancels the job.
 */
public final class Modelfetch implements AutoCloseable {

    private final Engine engine;

    private Modelfetch(Engine engine) {
        this.engine = engine;
    }

    /** For services: nothing is read from the environment unless asked for. */
    public static Builder builder() {
        return new Builder();
    }

    /** For tools: set up from the process environment and the user's configuration file. */
    public static Modelfetch fromEnvironment() {
        return builder().environment(Settings.processEnvironment()).build();
    }

    /** Starts a request with the configured defaults; takes any form {@link Address#parse} reads. */
    public FetchRequest.Builder request(String address) {
        return engine.withDefaults(FetchRequest.builder(address));
    }

    /** Fetches, verifies and publishes; returns when everything asked for is stored. */
    public Snapshot fetch(FetchRequest request) {
        return fetch(request, FetchListener.SILENT);
    }

    /** As {@link #fetch(FetchRequest)}, telling the listener what happens. */
    public Snapshot fetch(FetchRequest request, FetchListener listener) {
        return engine.fetch(request, listener);
    }

    /**
     * Starts a job on a thread of its own. Cancelling the future stops the job within a second and keeps what was
     * fetched; failures complete it with a {@link FetchException}.
     */
    public CompletableFuture<Snapshot> fetchAsync(FetchRequest request, FetchListener listener) {
        return engine.fetchAsync(request, listener);
    }

    /** What is there and who has it; writes nothing. */
    public Listing list(FetchRequest request, FetchListener listener) {
        return engine.list(request, listener);
    }

    /** What {@link #fetch} would do; writes nothing. */
    public Plan plan(FetchRequest request, FetchListener listener) {
        return engine.plan(request, listener);
    }

    /** Asks every allowed source and waits for all of them. Without a repository only reachability is asked. */
    public List<Probe> probe(SourceChoice choice, Optional<Repo> repo, @Nullable String revision) {
        return engine.probe(choice, repo, revision);
    }

    /**
     * Re-hashes what is stored, against the lock file of the request, else the stored listing, else a fresh one.
     *
     * @throws FetchException.NotStored if nothing of it is stored
     */
    public StoredCheck verify(FetchRequest request) {
        return engine.verify(request);
    }

    /**
     * Re-hashes a directory that was filled with {@link Destination.Directory}, against the record kept in it.
     *
     * @throws FetchException.NotStored if the directory holds no record
     */
    public StoredCheck verify(Path directory) {
        return engine.verify(directory);
    }

    /** What is stored in the hub cache that jobs store in unless they say otherwise. */
    public Cache cache() {
        return engine.cache();
    }

    /** What is stored in another hub cache: the directory that holds {@code models--…}. */
    public Cache cache(Path root) {
        return engine.cache(root);
    }

    /** All sources found, in the order they are asked. */
    public List<SourceInfo> sources() {
        return engine.sources();
    }

    /**
     * Limits all jobs together, those that run included, beside what each has as its own limit.
     *
     * @param bytesPerSecond 0 for no limit
     * @throws FetchException.Usage if it is negative
     */
    public void limitRate(long bytesPerSecond) {
        if (bytesPerSecond < 0) {
            throw new FetchException.Usage(
                    "A rate of " + bytesPerSecond + " bytes per second is negative.", "Use 0 for no limit.");
        }
        engine.limitRate(bytesPerSecond);
    }

    /** Cancels what is running and lets go of threads and connections. */
    @Override
    public void close() {
        engine.close();
    }

    /** Collects the set-up; explicit values win over the environment, which wins over the configuration file. */
    public static final class Builder {
        private final Map<String, String> endpoints = new LinkedHashMap<>();
        private final Map<String, String> tokens = new LinkedHashMap<>();
        private final Map<String, Path> tokenFiles = new LinkedHashMap<>();
        private final Map<String, String> proxies = new LinkedHashMap<>();
        private final Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
        private final List<ModelSourceProvider> providers = new ArrayList<>();
        private Map<String, String> environment = Map.of();
        private @Nullable Path cacheDirectory;
        private @Nullable Path caBundle;
        private boolean discover = true;

        private Builder() {}

        /** Replaces a source's address; a path prefix is kept. Plain {@code http} only for private addresses. */
        public Builder endpoint(String source, String url) {
            endpoints.put(source, url);
            return this;
        }

        /** A token for one source's endpoint (scheme, host and port) and for nobody else. */
        public Builder token(String source, String token) {
            tokens.put(source, token);
            return this;
        }

        /** As {@link #token}, read from a file that holds nothing else. */
        public Builder tokenFile(String source, Path file) {
            tokenFiles.put(source, file);
            return this;
        }

        /**
         * Trusts the certificates in that file too (PEM), beside those that the JDK and the operating system trust, as a
         * network needs that looks into connections.
         */
        public Builder caBundle(Path file) {
            this.caBundle = file;
            return this;
        }

        /** Fixes the route of one source: {@code direct}, {@code http://host:port} or {@code socks5://host:port}. */
        public Builder proxy(String source, String urlOrDirect) {
            proxies.put(source, urlOrDirect);
            return this;
        }

        /** Maps an id in the common spelling to the spelling of one source, before that source's own table. */
        public Builder alias(String source, String id, String idThere) {
            aliases.computeIfAbsent(source, any -> new LinkedHashMap<>()).put(id, idThere);
            return this;
        }

        /** Root of the hub cache, the directory that holds {@code models--…}. */
        public Builder cacheDirectory(Path root) {
            this.cacheDirectory = root;
            return this;
        }

        /** Variables to honour, usually {@code System.getenv()}; also says where the configuration file is. */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /** Adds a source. */
        public Builder provider(ModelSourceProvider provider) {
            providers.add(provider);
            return this;
        }

        /** Uses exactly the sources added, not those that {@code ServiceLoader} finds. */
        public Builder withoutDiscovery() {
            this.discover = false;
            return this;
        }

        /**
         * @throws FetchException.Usage if settings are unreadable or contradict each other; names all of them at once
         */
        public Modelfetch build() {
            return new Modelfetch(new Engine(Settings.of(
                    endpoints,
                    tokens,
                    tokenFiles,
                    proxies,
                    aliases,
                    Optional.ofNullable(cacheDirectory),
                    Optional.ofNullable(caBundle),
                    environment,
                    providers,
                    discover)));
        }
    }
}
