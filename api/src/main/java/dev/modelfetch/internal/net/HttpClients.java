package dev.modelfetch.internal.net;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One base client, made when first needed; every source's clients derive from it and share its connections. */
public final class HttpClients implements Closeable {

    /** One SYN repeated after a second, plus a long round trip, still fits (mirrors.md 5.9). */
    private static final Duration PROBE_CONNECT = Duration.ofMillis(2500);

    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A stall, on a line that works (mirrors.md 5.9, step 5). */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration API_READ = Duration.ofSeconds(30);
    /**
     * For one question about a listing with all its repetitions. A page of a thousand rows is some 350 KB, which a line
     * of 3 KB/s brings in two minutes; the third is the longest pause that a hub may ask for.
     */
    private static final Duration QUESTION = Duration.ofMinutes(3);

    private static final int IDLE_CONNECTIONS = 64;

    /** No byte for so long means that a data call is dead, where that is less than usual; attached to its request. */
    public record Silence(Duration longest) {}

    private final String userAgent;
    private final Routes routes;
    private final Supplier<Timeouts> timeouts;
    private final Supplier<Tls> tls;
    private @Nullable OkHttpClient base;

    /**
     * @param answer bound on a whole probe; a proxy adds three seconds to it. Empty leaves it to whether anybody else is
     *     asked at the same time
     * @param question bound on one question about a listing, to the last byte of its answer
     * @param silence no byte for so long means a transfer is dead; empty leaves it to what the source asks for
     */
    public record Timeouts(Optional<Duration> answer, Duration question, Optional<Duration> silence) {
        public static final Timeouts DEFAULT = new Timeouts(Optional.empty(), QUESTION, Optional.empty());

        /** With the usual bound on a question. */
        public Timeouts(Optional<Duration> answer, Optional<Duration> silence) {
            this(answer, QUESTION, silence);
        }

        /** As {@link #Timeouts(Optional, Optional)}, for one who has said how long a probe may take. */
        public Timeouts(Duration probe, Optional<Duration> silence) {
            this(Optional.of(probe), silence);
        }

        /** In a race, where others answer. */
        public Duration probe() {
            return answer.orElse(PROBE);
        }

        /** Where nobody else is asked: the patience of a call. */
        public Duration alone() {
            return answer.orElse(API_READ);
        }

        /** What the user said, else thirty seconds, else what a slow starter needs. */
        Duration silence(Duration firstByte) {
            return silence.orElse(firstByte.compareTo(SILENCE) > 0 ? firstByte : SILENCE);
        }
    }

    public HttpClients(String userAgent, Routes routes, Timeouts timeouts) {
        this(userAgent, routes, () -> timeouts, () -> Tls.of(new Trust(List.of())));
    }

    /**
     * @param timeouts read when a client is made
     * @param trust in the certificates of hosts
     */
    public HttpClients(String userAgent, Routes routes, Supplier<Timeouts> timeouts, Trust trust) {
        this(userAgent, routes, timeouts, () -> Tls.of(trust));
    }

    /**
     * @param timeouts read when a client is made
     * @param tls asked for when the first client is made
     */
    public HttpClients(String userAgent, Routes routes, Supplier<Timeouts> timeouts, Supplier<Tls> tls) {
        this.tls = tls;
        this.userAgent = userAgent;
        this.routes = routes;
        this.timeouts = timeouts;
    }

    private synchronized OkHttpClient base() {
        if (base == null) {
            Tls secured = tls.get();
            base = new OkHttpClient.Builder()
                    .sslSocketFactory(secured.sockets(), secured.trust())
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .connectTimeout(CONNECT)
                    .readTimeout(API_READ)
                    .writeTimeout(API_READ)
                    .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
                    .addInterceptor(chain -> {
                        Request.Builder request = chain.request().newBuilder().header("User-Agent", userAgent);
                        return chain.proceed(request.build());
                    })
                    .addNetworkInterceptor(chain -> notAtOnce(chain.proceed(chain.request())))
                    .build();
        }
        return base;
    }

    /** OkHttp repeats a 408 by itself unless it says when; how often something is asked is decided elsewhere. */
    private static Response notAtOnce(Response response) {
        return response.code() == 408 && response.header("Retry-After") == null
                ? response.newBuilder().header("Retry-After", "1").build()
                : response;
    }

    private OkHttpClient.Builder routed(Line line) {
        return base().newBuilder()
                .proxySelector(line.selector())
                .proxyAuthenticator(line.authenticator())
                .socketFactory(line.sockets())
                .dns(line.names());
    }

    /** For the race: fails fast, repeats nothing. */
    public OkHttpClient probes(Line line, HttpUrl endpoint, @Nullable Secret token) {
        return probes(line, endpoint, token, PROBE_CONNECT, timeouts.get().probe());
    }

    /** As the other, by the one line that follows the settings. */
    public OkHttpClient probes(String source, HttpUrl endpoint, @Nullable Secret token) {
        return probes(routes.asSet(source, endpoint), endpoint, token);
    }

    /** As {@link #probes}, where there is nobody to race against. */
    public OkHttpClient probesAlone(Line line, HttpUrl endpoint, @Nullable Secret token) {
        return probes(line, endpoint, token, CONNECT, timeouts.get().alone());
    }

    /** As the other, by the one line that follows the settings. */
    public OkHttpClient probesAlone(String source, HttpUrl endpoint, @Nullable Secret token) {
        return probesAlone(routes.asSet(source, endpoint), endpoint, token);
    }

    private OkHttpClient probes(Line line, HttpUrl endpoint, @Nullable Secret token, Duration connect, Duration whole) {
        boolean proxied = line.isProxied(endpoint);
        return routed(line)
                .connectTimeout(connect)
                .readTimeout(whole)
                .callTimeout(proxied ? whole.plusSeconds(3) : whole)
                .addInterceptor(new AnswerLimit(line::heard))
                .addInterceptor(new Redirects(endpoint, token, Redirects.controlPlane(endpoint)))
                .addInterceptor(new OnTheWay(line))
                .build();
    }

    /** For a look at the way to an endpoint, on a connection of its own: shows no token, and follows nothing. */
    OkHttpClient looks(Line line, EventListener watcher, Interceptor onConnection, Duration whole) {
        return routed(line)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
                .connectTimeout(whole)
                .readTimeout(whole)
                .callTimeout(whole)
                .eventListener(watcher)
                .addNetworkInterceptor(onConnection)
                .build();
    }

    /** For listings: repeats what may pass, but not for ever. The deadline also ends a body that only drips. */
    public OkHttpClient calls(Line line, HttpUrl endpoint, @Nullable Secret token) {
        Duration question = timeouts.get().question();
        return routed(line)
                .callTimeout(question)
                .addInterceptor(new AnswerLimit(line::heard))
                .addInterceptor(new Retries(question))
                .addInterceptor(new Redirects(endpoint, token, Redirects.controlPlane(endpoint)))
                .addInterceptor(new OnTheWay(line))
                .build();
    }

    /** As the other, by the one line that follows the settings. */
    public OkHttpClient calls(String source, HttpUrl endpoint, @Nullable Secret token) {
        return calls(routes.asSet(source, endpoint), endpoint, token);
    }

    /**
     * For file bodies: never a deadline on the whole, only on silence. HTTP/1.1, because ranges that share one HTTP/2
     * connection share its window and gain nothing.
     *
     * @param others endpoints of all other sources, which redirects must not lead to
     * @param firstByte how long the source may take until it sends something
     */
    public OkHttpClient data(
            Line line, HttpUrl endpoint, @Nullable Secret token, Set<HttpUrl> others, Duration firstByte) {
        Duration silence = timeouts.get().silence(firstByte);
        OkHttpClient.Builder client = routed(line)
                .protocols(List.of(Protocol.HTTP_1_1))
                .readTimeout(silence)
                .addInterceptor(chain -> {
                    Silence wanted = chain.request().tag(Silence.class);
                    boolean shorter = wanted != null && wanted.longest().compareTo(silence) < 0;
                    return (shorter
                                    ? chain.withReadTimeout(
                                            (int) wanted.longest().toMillis(), TimeUnit.MILLISECONDS)
                                    : chain)
                            .proceed(chain.request());
                })
                .addInterceptor(new Redirects(endpoint, token, Redirects.dataPlane(endpoint, others)))
                .addInterceptor(new OnTheWay(line));
        if (!PrivateHosts.isPrivate(endpoint.host())) {
            client.dns(line.namesOr(new GuardedDns(host -> host.equals(endpoint.host()) || line.isProxy(host))));
        }
        return client.build();
    }

    /** As the other, by the one line that follows the settings. */
    public OkHttpClient data(
            String source, HttpUrl endpoint, @Nullable Secret token, Set<HttpUrl> others, Duration firstByte) {
        return data(routes.asSet(source, endpoint), endpoint, token, others, firstByte);
    }

    /**
     * For the bodies of small files: as {@link #data}, but they share one connection where the host speaks HTTP/2, which
     * saves a handshake each.
     */
    public static OkHttpClient small(OkHttpClient data) {
        return data.newBuilder()
                .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                .build();
    }

    @Override
    public synchronized void close() {
        if (base != null) {
            base.dispatcher().cancelAll();
            base.dispatcher().executorService().shutdown();
            base.connectionPool().evictAll();
        }
    }
}
