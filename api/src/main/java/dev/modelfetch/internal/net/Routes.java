package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Which way a request travels, decided for every address anew (mirrors.md 5.4):
 *
 * <ol>
 *   <li>the route fixed for the source;
 *   <li>loopback is direct;
 *   <li>{@code no_proxy}, then the proxy variable for the scheme, lower case first, then {@code all_proxy}; a variable
 *       that is set but empty means direct;
 *   <li>the JVM's own proxy selector, so that an embedding program keeps control.
 * </ol>
 */
public final class Routes {

    /**
     * One way.
     *
     * @param proxy what OkHttp is told
     * @param credential {@code Proxy-Authorization} value, null for none
     * @param text for people: {@code direct}, or the proxy without credentials
     * @param because the setting that chose it
     */
    record Route(Proxy proxy, @Nullable String credential, String text, String because) {
        static Route direct(String because) {
            return new Route(Proxy.NO_PROXY, null, "direct", because);
        }
    }

    private final Supplier<Map<String, String>> bySource;
    private volatile Fixed fixed;
    private final Map<String, Route> byVariable = new LinkedHashMap<>();
    private final Set<String> proxyHosts = ConcurrentHashMap.newKeySet();
    private final NoProxy exempt;
    private final boolean insideCgi;

    /** Routes fixed for sources, as they are written and as they were read. */
    private record Fixed(Map<String, String> written, Map<String, Route> bySource) {

        static Fixed of(Map<String, String> written) {
            Map<String, Route> routes = new LinkedHashMap<>();
            written.forEach((source, text) -> routes.put(source, parse("--proxy " + source, text)));
            return new Fixed(Map.copyOf(written), routes);
        }
    }

    /** As {@link #Routes(Supplier, Map)}, with routes that do not change. */
    public Routes(Map<String, String> bySource, Map<String, String> environment) {
        this(() -> bySource, environment);
    }

    /**
     * @param bySource fixed routes: source id to {@code direct} or a proxy address. Asked anew for each connection, since
     *     settings may change while a job runs; what cannot be used then is as if it had not changed
     * @param environment variables to honour; empty for none
     * @throws FetchException.Usage if one of them is not a usable proxy address
     */
    public Routes(Supplier<Map<String, String>> bySource, Map<String, String> environment) {
        this.bySource = bySource;
        this.fixed = Fixed.of(bySource.get());
        // In a CGI program the upper-case HTTP_PROXY is a request header in disguise.
        this.insideCgi = environment.containsKey("REQUEST_METHOD");
        for (String name :
                List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = environment.get(name);
            if (value != null && !(insideCgi && name.equals("HTTP_PROXY"))) {
                byVariable.put(name, value.isBlank() ? Route.direct(name) : parse(name, value));
            }
        }
        String noProxy = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        this.exempt = new NoProxy(noProxy);
    }

    /** Sources whose route is fixed, as the settings call them. */
    public Set<String> sources() {
        return Set.copyOf(fixed().keySet());
    }

    private Map<String, Route> fixed() {
        Map<String, String> now = bySource.get();
        if (!fixed.written().equals(now)) {
            try {
                fixed = Fixed.of(now);
            } catch (FetchException.Usage e) {
                // It was good before; whoever starts the next time hears of it.
            }
        }
        return fixed.bySource();
    }

    Route route(String source, HttpUrl url) {
        Route chosen = fixed().get(source);
        if (chosen != null) {
            return chosen;
        }
        if (PrivateHosts.isLoopback(url.host())) {
            return Route.direct("loopback");
        }
        if (exempt.matches(url)) {
            return Route.direct("no_proxy");
        }
        String scheme = url.scheme();
        for (String name :
                List.of(scheme + "_proxy", scheme.toUpperCase(Locale.ROOT) + "_PROXY", "all_proxy", "ALL_PROXY")) {
            Route byName = byVariable.get(name);
            if (byName != null) {
                return byName;
            }
        }
        return ofJvm(url);
    }

    /** How a request of that source to that address travels, for people. */
    public String describe(String source, HttpUrl url) {
        return route(source, url).text();
    }

    /** The same decision in the form OkHttp asks for. */
    ProxySelector selector(String source) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                HttpUrl url = HttpUrl.get(uri);
                Proxy proxy = url == null ? Proxy.NO_PROXY : route(source, url).proxy();
                if (proxy.address() instanceof InetSocketAddress address) {
                    proxyHosts.add(address.getHostString());
                }
                return List.of(proxy);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The failure reaches the caller anyway; there is no second route to fall back to.
            }
        };
    }

    /** Whether requests have been sent to that host as a proxy. */
    boolean isProxy(String host) {
        return proxyHosts.contains(host);
    }

    /** Answers the proxy before it asks, and only once (mirrors.md 5.3). */
    Authenticator proxyAuthenticator(String source) {
        return (route, response) -> {
            String credential = this.route(source, response.request().url()).credential();
            return credential == null || response.request().header("Proxy-Authorization") != null
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", credential)
                            .build();
        };
    }

    private static Route ofJvm(HttpUrl url) {
        ProxySelector jvm = ProxySelector.getDefault();
        List<Proxy> proxies = jvm == null ? List.of() : jvm.select(url.uri());
        Proxy first = proxies == null || proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
        return first.type() == Proxy.Type.DIRECT
                ? Route.direct("default")
                : new Route(first, null, shown(first), "system properties");
    }

    private static String shown(Proxy proxy) {
        if (!(proxy.address() instanceof InetSocketAddress address)) {
            return String.valueOf(proxy.address());
        }
        return shown(proxy.type() == Proxy.Type.SOCKS, address.getHostString(), address.getPort());
    }

    private static String shown(boolean socks, String host, int port) {
        return (socks ? "socks5://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static Route parse(String setting, String text) {
        String trimmed = text.trim();
        if (trimmed.equalsIgnoreCase("direct") || trimmed.equalsIgnoreCase("none")) {
            return Route.direct(setting);
        }
        String withScheme = trimmed.contains("://") ? trimmed : "http://" + trimmed;
        String scheme = withScheme.substring(0, withScheme.indexOf("://")).toLowerCase(Locale.ROOT);
        boolean socks = scheme.equals("socks") || scheme.equals("socks5") || scheme.equals("socks5h");
        // HttpUrl reads host, port and user info of any scheme once it is called http.
        HttpUrl url = HttpUrl.parse("http" + withScheme.substring(withScheme.indexOf("://")));
        if (scheme.equals("https")) {
            throw new FetchException.Usage(
                    setting + ": a proxy that is itself reached over TLS is not supported.",
                    "Use its http:// or socks5:// port.");
        }
        if (url == null || !(socks || scheme.equals("http"))) {
            throw new FetchException.Usage(
                    setting + " is not a proxy address.", "Write http://host:port, socks5://host:port or direct.");
        }
        if (socks && !url.username().isEmpty()) {
            throw new FetchException.Usage(
                    setting + ": user name and password are not supported for SOCKS proxies.",
                    "Use the proxy's http:// port.");
        }
        boolean portGiven = withScheme.matches("[^/]*//[^/]*?(\\[[^/]*]|[^/:@]*):\\d+(/.*)?");
        int port = portGiven ? url.port() : socks ? 1080 : 80;
        // Unresolved: the name is the proxy's to look up; for SOCKS that keeps poisoned DNS out.
        InetSocketAddress address = InetSocketAddress.createUnresolved(url.host(), port);
        Proxy proxy = new Proxy(
                socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP, socks ? new InetSocketAddress(url.host(), port) : address);
        String credential = url.username().isEmpty()
                ? null
                : Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8);
        return new Route(proxy, credential, shown(socks, url.host(), port), setting);
    }
}
