package dev.modelfetch;

import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.engine.Engine;
import dev.modelfetch.internal.engine.Terms;
import dev.modelfetch.internal.net.Tls;
import dev.modelfetch.spi.ModelSourceProvider;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The front door. Built once, shared between threads, closed at the end of the program. An interface, so that whoever
 * uses it can put something else in its place in their tests.
 *
 * <p>Every method that returns a plain value blocks until it is there, and throws {@link FetchException} and nothing
 * else for whatever went wrong outside the program. Interrupting the calling thread cancels what it waits for; nothing
 * here ever interrupts a caller.
 */
public interface Modelfetch extends AutoCloseable {

    /** For services: nothing is read from the environment unless asked for. */
    static Builder builder() {
        return new Builder();
    }

    /** For tools: set up from the process environment and the user's configuration file. */
    static Modelfetch fromEnvironment() {
        return builder().environment(Settings.processEnvironment()).build();
    }

    /** Starts a request with the configured defaults; takes any form {@link Address#parse} reads. */
    FetchRequest.Builder request(String address);

    /**
     * Fetches, verifies and publishes; returns when everything asked for is stored.
     *
     * @param listeners told what happens
     */
    Snapshot fetch(FetchRequest request, FetchListener... listeners);

    /**
     * Starts a job, at once or when its turn comes.
     *
     * @param listeners told what happens; one that throws harms nobody but itself
     */
    FetchJob start(FetchRequest request, FetchListener... listeners);

    /**
     * What is stored of it, complete and correct; no connection is made. A branch means what it meant when it was last
     * fetched.
     *
     * @return empty if anything is missing
     */
    Optional<Snapshot> find(FetchRequest request);

    /**
     * What is there and who has it; writes nothing.
     *
     * @throws FetchException.NotStored if the request is offline and no listing is stored
     */
    Listing list(FetchRequest request, FetchListener... listeners);

    /**
     * What {@link #fetch} would do; writes nothing. It is asked whether a file would be sent, since who lists files need not
     * send them, and no byte of it.
     *
     * @throws FetchException.AccessDenied if everybody who has them would refuse to send them
     * @throws FetchException.NotStored if the request is offline and no listing is stored
     */
    Plan plan(FetchRequest request, FetchListener... listeners);

    /**
     * Asks whether sources can be reached, by every line that leads there, and waits for all of them.
     *
     * @param listeners told of each answer as it comes ({@link FetchEvent.Probed}), and of nothing once this has returned
     */
    List<Probe> probe(SourceChoice choice, FetchListener... listeners);

    /**
     * Asks every allowed source for the repository, by every line that leads there, and waits for all of them. To whom the
     * name must not be shown, because one has a token, is not asked, and says so.
     *
     * @param listeners as in {@link #probe(SourceChoice, FetchListener...)}
     */
    List<Probe> probe(FetchRequest request, FetchListener... listeners);

    /**
     * Asks every source that has the repository for the beginning of one of its large files: which host sends it, and how
     * soon. No more than 64 KiB come from each, and nothing of it is kept.
     *
     * @throws FetchException.Usage if a source does not exist
     */
    List<Sample> sample(FetchRequest request);

    /**
     * Looks at everything that a fetch depends on: names, routes, certificates, answers, data hosts and tokens of the
     * allowed sources, our clock, the cache and its disk. A few small requests to each source, all at once; takes ten
     * seconds at most, however silent the network is. Leaves nothing behind in the cache.
     *
     * @throws FetchException.Usage if a source does not exist; what is wrong with the settings of one is a finding
     */
    Diagnosis examine(SourceChoice choice);

    /**
     * Re-hashes what is stored, against the lock file of the request, else the stored listing, else a fresh one.
     *
     * @throws FetchException.NotStored if nothing of it is stored
     */
    StoredCheck verify(FetchRequest request);

    /**
     * Re-hashes a directory that was filled with {@link Destination.Directory}, against the record kept in it.
     *
     * @throws FetchException.NotStored if the directory holds no record
     */
    StoredCheck verify(Path directory);

    /**
     * Hands out single files while they come, for a service in front of all sources. Close it before this.
     *
     * @throws FetchException.Usage if a source that is named does not exist
     */
    Depot depot(DepotOptions options);

    /** What is stored in the hub cache that jobs store in unless they say otherwise. */
    Cache cache();

    /** What is stored in another hub cache: the directory that holds {@code models--…}. */
    Cache cache(Path root);

    /** Who is logged in at which source. */
    Accounts accounts();

    /**
     * What repositories are called at sources that have names of their own. No connection is made.
     *
     * @param repo whose names are wanted, best first for each source; empty for all that are in a table
     */
    List<Alias> aliases(Optional<Repo> repo);

    /** All sources found, in the order they are asked. */
    List<SourceInfo> sources();

    /**
     * Limits all jobs together, those that run included, beside what each has as its own limit.
     *
     * @param bytesPerSecond 0 for no limit
     * @throws FetchException.Usage if it is negative
     */
    void limitRate(long bytesPerSecond);

    /** As {@link #close(Duration)}, for half a minute, which no job needs. */
    @Override
    default void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Cancels what runs or waits to run, waits until all of it has told its end, and lets go of threads and connections.
     * Called by a listener, it does not wait. What is asked afterwards ends with {@link FetchException.Cancelled}.
     *
     * @return whether everything has ended by then
     */
    boolean close(Duration atMost);

    /** Collects the set-up; explicit values win over the environment, which wins over the configuration file. */
    final class Builder {
        private static final int USUAL_JOBS = 8;

        private final Map<String, Supplier<String>> tokenSuppliers = new LinkedHashMap<>();
        private final List<Function<? super FetchJob, ? extends FetchListener>> listeners = new ArrayList<>();
        private UnaryOperator<FetchRequest.Builder> defaults = UnaryOperator.identity();
        private int maxJobs = USUAL_JOBS;
        private int maxConnections = Integer.MAX_VALUE;
        private long bytesPerSecond;
        private boolean offline;
        private @Nullable ThreadFactory threads;
        private @Nullable ProxySelector proxySelector;
        private @Nullable Tls tls;
        private @Nullable String product;
        private final Map<String, String> endpoints = new LinkedHashMap<>();
        private final Map<String, String> tokens = new LinkedHashMap<>();
        private final Map<String, Path> tokenFiles = new LinkedHashMap<>();
        private final Map<String, String> proxies = new LinkedHashMap<>();
        private final Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
        private final List<ModelSourceProvider> providers = new ArrayList<>();
        private Map<String, String> environment = Map.of();
        private @Nullable Path cacheDirectory;
        private @Nullable Path caBundle;
        private @Nullable Path sourceMemory;
        private boolean forgetful;
        private @Nullable ProxyPolicy proxyPolicy;
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

        /**
         * As {@link #token(String, String)}, asked for before every request that shows it, so that it may change. Called
         * on several threads; return quickly.
         */
        public Builder token(String source, Supplier<String> token) {
            tokenSuppliers.put(source, token);
            return this;
        }

        /** As {@link #token(String, String)}, read from a file that holds nothing else. */
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

        /**
         * When a proxy is used that the environment or the system properties name; {@link ProxyPolicy#DIRECT_FIRST} unless
         * set. What is fixed by {@link #proxy} or decided by a {@link #proxySelector} is followed in any case.
         */
        public Builder proxyPolicy(ProxyPolicy policy) {
            this.proxyPolicy = Objects.requireNonNull(policy);
            return this;
        }

        /** Decides the route where none is fixed by {@link #proxy}, instead of the environment and the system properties. */
        public Builder proxySelector(ProxySelector selector) {
            this.proxySelector = Objects.requireNonNull(selector);
            return this;
        }

        /**
         * How connections are secured, instead of what the JDK and the operating system trust: for authorities and client
         * certificates of one's own.
         *
         * @param trust that the context was made with
         */
        public Builder tls(SSLContext context, X509TrustManager trust) {
            this.tls = new Tls(context.getSocketFactory(), trust);
            return this;
        }

        /** Who asks, in front of our own name in the {@code User-Agent}; for example {@code catalogue/2.1}. */
        public Builder userAgent(String product) {
            this.product = Objects.requireNonNull(product);
            return this;
        }

        /**
         * Makes the threads that work, for names, context and priorities of one's own; virtual ones will do. A job has
         * some dozens of them.
         */
        public Builder threads(ThreadFactory factory) {
            this.threads = Objects.requireNonNull(factory);
            return this;
        }

        /**
         * So many jobs work at the same time, 8 unless set; the others wait for their turn without a thread, by {@link
         * FetchRequest#priority()} and then as they came.
         */
        public Builder maxJobs(int atOnce) {
            this.maxJobs = positive(atOnce, "jobs at once");
            return this;
        }

        /** So many connections bring bytes at the same time, over all jobs and sources; no limit unless set. */
        public Builder maxConnections(int atOnce) {
            this.maxConnections = positive(atOnce, "connections at once");
            return this;
        }

        /** As {@link Modelfetch#limitRate}. */
        public Builder bytesPerSecond(long limit) {
            this.bytesPerSecond = FetchRequest.checkedRate(limit);
            return this;
        }

        /** No job makes a connection, whatever its request says; it succeeds only from what is stored. */
        public Builder offline() {
            this.offline = true;
            return this;
        }

        /** What every request begins with that {@link Modelfetch#request} starts. Said again, it goes on from there. */
        public Builder defaults(UnaryOperator<FetchRequest.Builder> ofRequests) {
            UnaryOperator<FetchRequest.Builder> before = defaults;
            this.defaults = request -> ofRequests.apply(before.apply(request));
            return this;
        }

        /**
         * Hears of every job: called when one is started, before its first event.
         *
         * @param ofJob who is to be told what happens in it; {@link FetchListener#SILENT} for nobody
         */
        public Builder listener(Function<? super FetchJob, ? extends FetchListener> ofJob) {
            listeners.add(Objects.requireNonNull(ofJob));
            return this;
        }

        private static int positive(int count, String what) {
            if (count < 1) {
                throw new FetchException.Usage(
                        Message.of("bad-number", "The number of {0} is {1}.", new Phrase.Clause(what), count),
                        Hint.plain("Use 1 or more."));
            }
            return count;
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

        /**
         * Keeps what is learned of sources in that file, for later programs too: who answers how soon on this network and
         * brings how much, and, as hashes, which names are no secret. With an {@link #environment} it is kept in the user's
         * cache ({@code modelfetch/sources.json}) unless another place is named; without one, only where it is named.
         */
        public Builder sourceMemory(Path file) {
            this.sourceMemory = Objects.requireNonNull(file);
            this.forgetful = false;
            return this;
        }

        /** Every job finds out anew which source is best, and keeps nothing of it. */
        public Builder withoutSourceMemory() {
            this.forgetful = true;
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
            return Engine.open(
                    new Settings.Said(
                            endpoints,
                            tokens,
                            tokenFiles,
                            proxies,
                            aliases,
                            Optional.ofNullable(cacheDirectory),
                            Optional.ofNullable(sourceMemory),
                            forgetful,
                            Optional.ofNullable(proxyPolicy),
                            Optional.ofNullable(caBundle),
                            environment,
                            providers,
                            discover,
                            new Transport(
                                    Optional.ofNullable(product),
                                    Optional.ofNullable(tls),
                                    Optional.ofNullable(proxySelector),
                                    tokenSuppliers)),
                    new Terms(
                            maxJobs,
                            maxConnections,
                            bytesPerSecond,
                            offline,
                            Optional.ofNullable(threads),
                            listeners,
                            defaults));
        }
    }
}
