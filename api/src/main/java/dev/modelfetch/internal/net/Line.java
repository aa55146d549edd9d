package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import okhttp3.Authenticator;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * One of the lines by which the endpoint of a source may be reached, and the hosts that it leads to: directly, or by a proxy
 * that settings name. What is fixed for the source is followed by each of them.
 */
public final class Line {

    /** Its part beside the other lines of the same source. */
    public enum Role {
        /** Asked in turn. */
        FIRST,
        /** Asked when the first does not answer in time. */
        ALTERNATE,
        /** Never asked in a race: it leads to the same hub as another line, and only the bytes travel otherwise. */
        SPARE
    }

    /** What travels by the proxy. */
    enum By {
        /** Whatever settings say. */
        SETTINGS,
        NOTHING,
        /** Questions to the endpoint, but nothing from other hosts, where the bytes are. */
        QUESTIONS
    }

    private final Routes routes;
    private final String source;
    private final @Nullable HttpUrl endpoint;
    private final By by;
    private final Role role;
    private final String text;
    private final int cost;
    // One of each, so that all clients of the line share their connections.
    private final SocksSockets sockets = new SocksSockets();
    private final Dns names = sockets.namesOr(Dns.SYSTEM);
    private final ProxySelector selector = new Selector();
    private final Authenticator authenticator = this::authenticated;
    private final AtomicLong answered = new AtomicLong();

    /** @param endpoint null for who speaks no HTTP */
    Line(Routes routes, String source, @Nullable HttpUrl endpoint, By by, Role role, boolean costs) {
        this.routes = routes;
        this.source = source;
        this.endpoint = endpoint;
        this.by = by;
        this.role = role;
        boolean proxied = endpoint != null && isProxied(endpoint);
        this.text = endpoint == null ? Routes.DIRECT : textFor(endpoint);
        boolean mayCost = costs && by != By.NOTHING && (proxied || role == Role.SPARE);
        this.cost = !mayCost ? 0 : by == By.QUESTIONS ? 1 : 2;
    }

    /** How many bytes of answers to questions have come by it: whoever sees the number grow knows that somebody speaks. */
    public long answered() {
        return answered.get();
    }

    void heard(long bytes) {
        answered.addAndGet(bytes);
    }

    public Role role() {
        return role;
    }

    /** How requests to the endpoint travel, for people. */
    public String text() {
        return text;
    }

    /** How much of what travels by it may cost money: 0 for nothing, 1 for questions and small files, 2 for all. */
    public int cost() {
        return cost;
    }

    /** What distinguishes it from the other lines of its source. */
    public String key() {
        return by == By.SETTINGS && role == Role.SPARE ? text + " for all" : text;
    }

    /**
     * How bytes of that host travel, for people.
     *
     * @param host with its port, unless that is the usual one
     */
    public String textFor(String host) {
        // A hub in clear text has its bytes in clear text; no other leads from https to there.
        String scheme = endpoint != null && !endpoint.isHttps() ? "http://" : "https://";
        HttpUrl url = HttpUrl.parse(scheme + host + "/");
        return url == null ? text : textFor(url);
    }

    private String textFor(HttpUrl url) {
        try {
            return route(url).text();
        } catch (FetchException.Usage unusable) {
            return "unknown";
        }
    }

    /**
     * How requests to that address travel, with the setting behind it.
     *
     * @throws FetchException.Usage if that setting cannot be used
     */
    Routes.Reason explain(HttpUrl url) {
        Routes.Route route = route(url);
        return new Routes.Reason(route.text(), route.because(), route.isProxied());
    }

    /** @throws FetchException.Usage if the setting that decides cannot be used */
    Routes.Route route(HttpUrl url) {
        boolean asSet = switch (by) {
            case SETTINGS -> true;
            case NOTHING -> false;
            case QUESTIONS -> endpoint != null && Endpoints.sameOrigin(url, endpoint);
        };
        return asSet || routes.isFixed(source) ? routes.route(source, url) : Routes.Route.direct("default");
    }

    /** Whether it goes by a proxy, as far as settings can be read. */
    boolean isProxied(HttpUrl url) {
        try {
            return route(url).isProxied();
        } catch (FetchException.Usage unusable) {
            return false;
        }
    }

    /** Whether requests have been sent to that host as a proxy. */
    boolean isProxy(String host) {
        return routes.isProxy(host);
    }

    SocketFactory sockets() {
        return sockets;
    }

    /** Looks names up, except those that are a proxy's to look up. */
    Dns names() {
        return names;
    }

    /** Looks names up with that, except those that are a proxy's to look up. */
    Dns namesOr(Dns others) {
        return sockets.namesOr(others);
    }

    /** The same decision in the form OkHttp asks for. */
    ProxySelector selector() {
        return selector;
    }

    /** Answers the proxy before it asks, and only once (mirrors.md 5.3). */
    Authenticator authenticator() {
        return authenticator;
    }

    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            HttpUrl url = HttpUrl.get(uri);
            if (url == null) {
                return List.of(Proxy.NO_PROXY);
            }
            Routes.Route route = route(url);
            if (route.proxy().address() instanceof InetSocketAddress address) {
                routes.sentTo(address.getHostString());
            }
            Socks socks = route.socks();
            if (socks == null) {
                sockets.reachDirectly(url.host());
                return List.of(route.proxy());
            }
            sockets.reach(url.host(), socks);
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The failure reaches the caller anyway; another line is another source of the race.
        }
    }

    private @Nullable Request authenticated(@Nullable Route way, Response response) {
        String credential = route(response.request().url()).credential();
        return credential == null || response.request().header("Proxy-Authorization") != null
                ? null
                : response.request()
                        .newBuilder()
                        .header("Proxy-Authorization", credential)
                        .build();
    }
}
