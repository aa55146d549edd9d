package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.ProxyPolicy;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

    static final String DIRECT = "direct";

    /**
     * One way.
     *
     * @param proxy what OkHttp is told
     * @param credential {@code Proxy-Authorization} value, null for none
     * @param socks how the proxy is spoken to, if we do that ourselves; null otherwise
     * @param text for people: {@code direct}, or the proxy without credentials
     * @param because the setting that chose it
     */
    record Route(
            Proxy proxy,
            @Nullable String credential,
            @Nullable Socks socks,
            String text,
            String because) {
        boolean isProxied() {
            return proxy.type() != Proxy.Type.DIRECT;
        }

        static Route direct(String because) {
            return new Route(Proxy.NO_PROXY, null, null, DIRECT, because);
        }
    }

    private final Supplier<Map<String, Setting>> bySource;
    private final Map<String, Setting> byVariable = new LinkedHashMap<>();
    private final Map<Setting, Route> read = new ConcurrentHashMap<>();
    private final Set<String> proxyHosts = ConcurrentHashMap.newKeySet();
    private final NoProxy exempt;
    private final Optional<ProxySelector> selector;
    private final ProxyPolicy policy;

    /** As the other, with routes that do not change. */
    public Routes(Map<String, String> bySource, Map<String, String> environment) {
        this(
                () -> {
                    Map<String, Setting> settings = new LinkedHashMap<>();
                    bySource.forEach((source, way) -> settings.put(source, new Setting(way, "--proxy " + source)));
                    return settings;
                },
                environment,
                Optional.empty(),
                ProxyPolicy.DIRECT_FIRST);
    }

    /**
     * Judges nothing: a route is read when something is to travel by it.
     *
     * @param bySource fixed routes: source id to {@code direct} or a proxy address. Asked anew for each connection, since
     *     settings may change while a job runs
     * @param environment variables to honour; empty for none
     * @param selector decides in place of the environment, where no route is fixed
     * @param policy when what the environment names is used
     */
    public Routes(
            Supplier<Map<String, Setting>> bySource,
            Map<String, String> environment,
            Optional<ProxySelector> selector,
            ProxyPolicy policy) {
        this.policy = policy;
        this.bySource = bySource;
        this.selector = selector;
        // In a CGI program the upper-case HTTP_PROXY is a request header in disguise.
        boolean insideCgi = environment.containsKey("REQUEST_METHOD");
        for (String name :
                List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = environment.get(name);
            if (value != null && !(insideCgi && name.equals("HTTP_PROXY"))) {
                byVariable.put(name, new Setting(value.isBlank() ? DIRECT : value, name));
            }
        }
        String noProxy = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        this.exempt = new NoProxy(noProxy);
    }

    /** @throws FetchException.Usage if that is no route */
    public static void check(Setting setting) {
        parse(setting);
    }

    /** Sources whose route is fixed, as the settings call them. */
    public Set<String> sources() {
        return Set.copyOf(bySource.get().keySet());
    }

    /** @throws FetchException.Usage if the setting that decides cannot be used */
    Route route(String source, HttpUrl url) {
        Setting chosen = bySource.get().get(source);
        if (chosen != null) {
            return read(chosen);
        }
        if (selector.isPresent()) {
            return selected(selector.get(), url, "the program's proxy selector");
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
            Setting byName = byVariable.get(name);
            if (byName != null) {
                return read(byName);
            }
        }
        return ofJvm(url);
    }

    private Route read(Setting setting) {
        return read.computeIfAbsent(setting, Routes::parse);
    }

    /** Whether the route of that source is decided, whatever the environment says. */
    boolean isFixed(String source) {
        return bySource.get().containsKey(source);
    }

    /**
     * The lines by which a source may be reached, in the order in which they are tried.
     *
     * @throws FetchException.Usage if the setting that decides cannot be used
     */
    public List<Line> lines(String source, HttpUrl endpoint) {
        Line asSet = asSet(source, endpoint);
        Line direct = line(source, endpoint, Line.By.NOTHING, Line.Role.FIRST);
        if (policy == ProxyPolicy.NEVER && !isFixed(source) && selector.isEmpty()) {
            return List.of(direct);
        }
        boolean decided = isFixed(source) || selector.isPresent() || PrivateHosts.isLoopback(endpoint.host());
        if (decided || policy == ProxyPolicy.ALWAYS) {
            // Judged now, for there is no other.
            route(source, endpoint);
            return List.of(asSet);
        }
        boolean proxied = isMeantToBeProxied(source, endpoint);
        if (!proxied && byVariable.isEmpty()) {
            return List.of(asSet);
        }
        Line rest = line(source, endpoint, Line.By.SETTINGS, Line.Role.SPARE);
        if (!proxied) {
            return List.of(direct, rest);
        }
        return policy == ProxyPolicy.PROXY_FIRST
                ? List.of(asSet, line(source, endpoint, Line.By.NOTHING, Line.Role.ALTERNATE))
                : List.of(direct, line(source, endpoint, Line.By.QUESTIONS, Line.Role.ALTERNATE), rest);
    }

    /** Also by a setting that cannot be read: that is said when something is to travel by it. */
    private boolean isMeantToBeProxied(String source, HttpUrl endpoint) {
        try {
            return route(source, endpoint).isProxied();
        } catch (FetchException.Usage unreadable) {
            return true;
        }
    }

    /** The one line that follows the settings. */
    public Line asSet(String source, HttpUrl endpoint) {
        return line(source, endpoint, Line.By.SETTINGS, Line.Role.FIRST);
    }

    /** For who speaks no HTTP, or whose settings cannot be used. */
    public Line none(String source) {
        return new Line(this, source, null, Line.By.SETTINGS, Line.Role.FIRST, false);
    }

    private Line line(String source, HttpUrl endpoint, Line.By by, Line.Role role) {
        return new Line(this, source, endpoint, by, role, policy != ProxyPolicy.PROXY_FIRST);
    }

    /**
     * How a request of that source to that address travels, for people.
     *
     * @throws FetchException.Usage if the setting that decides cannot be used
     */
    public String describe(String source, HttpUrl url) {
        return route(source, url).text();
    }

    /** What the settings say, hashed by whoever keeps it: with other settings other lines are used. */
    public String fingerprint() {
        return byVariable.values() + " " + bySource.get() + " " + policy;
    }

    /**
     * A decision and what it follows from, for people.
     *
     * @param text {@code direct}, or the proxy without credentials
     * @param because the setting that chose it, or {@code default}
     */
    public record Reason(String text, String because, boolean proxied) {}

    /** Requests are sent to that host as a proxy. */
    void sentTo(String proxyHost) {
        proxyHosts.add(proxyHost);
    }

    /** Whether requests have been sent to that host as a proxy. */
    boolean isProxy(String host) {
        return proxyHosts.contains(host);
    }

    private static Route ofJvm(HttpUrl url) {
        ProxySelector jvm = ProxySelector.getDefault();
        // With that property the JVM asks Windows or macOS, which people set with a click.
        String from = Boolean.getBoolean("java.net.useSystemProxies") ? "the system's settings" : "system properties";
        return jvm == null ? Route.direct("default") : selected(jvm, url, from);
    }

    private static Route selected(ProxySelector selector, HttpUrl url, String from) {
        List<Proxy> proxies = selector.select(url.uri());
        Proxy first = proxies == null || proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
        return first.type() == Proxy.Type.DIRECT
                ? Route.direct("default")
                : new Route(first, null, null, shown(first), from);
    }

    private static String shown(Proxy proxy) {
        if (!(proxy.address() instanceof InetSocketAddress address)) {
            return String.valueOf(proxy.address());
        }
        return shown(proxy.type() == Proxy.Type.SOCKS ? "socks5" : "http", address.getHostString(), address.getPort());
    }

    private static String shown(String scheme, String host, int port) {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static Route parse(Setting set) {
        String setting = set.from();
        String trimmed = set.value().trim();
        if (trimmed.equalsIgnoreCase(DIRECT) || trimmed.equalsIgnoreCase("none")) {
            return Route.direct(setting);
        }
        String withScheme = trimmed.contains("://") ? trimmed : "http://" + trimmed;
        String scheme = withScheme.substring(0, withScheme.indexOf("://")).toLowerCase(Locale.ROOT);
        boolean socks4 = scheme.equals("socks4") || scheme.equals("socks4a");
        boolean socks = socks4 || scheme.equals("socks") || scheme.equals("socks5") || scheme.equals("socks5h");
        String rest = withScheme.substring(withScheme.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String user = rest.substring(0, at + 1);
        if (scheme.equals("https")) {
            throw new FetchException.Usage(
                    Message.of("tls-proxy", "{0}: a proxy that is itself reached over TLS is not supported.", setting),
                    Hint.plain("Use its http:// or socks5:// port."));
        }
        // Whatever follows such a character would be taken for the host, or the host for a path.
        if (user.matches(".*[/?#].*")) {
            throw new FetchException.Usage(
                    Message.of(
                            "proxy-secret-unencoded",
                            "{0}: the user name or password of the proxy holds a character that has to be encoded.",
                            setting),
                    Hint.plain("Write %2F for /, %3F for ?, %23 for # and %40 for @."));
        }
        // HttpUrl reads host, port and user info of any scheme once it is called http. A backslash ends a domain.
        HttpUrl url = HttpUrl.parse("http://" + user.replace("\\", "%5C") + rest.substring(at + 1));
        boolean plain = url != null && url.encodedPath().equals("/") && url.query() == null && url.fragment() == null;
        if (url == null || !plain || rest.substring(at + 1).contains("\\") || !(socks || scheme.equals("http"))) {
            throw new FetchException.Usage(
                    Message.of("bad-proxy", "{0} is not a proxy address.", setting),
                    Hint.plain("Write http://host:port, socks5://host:port, socks4://host:port or direct."));
        }
        if (socks4 && !url.password().isEmpty()) {
            throw new FetchException.Usage(
                    Message.of("socks4-password", "{0}: SOCKS 4 knows a user name, but no password.", setting),
                    Hint.plain("Use the proxy's socks5:// or http:// port."));
        }
        boolean portGiven = rest.substring(at + 1).matches("(\\[[^/]*]|[^/:]*):\\d+/?");
        int port = portGiven ? url.port() : socks ? 1080 : 80;
        // Unresolved: the name is the proxy's to look up; for SOCKS that keeps poisoned DNS out.
        InetSocketAddress address = InetSocketAddress.createUnresolved(url.host(), port);
        Proxy proxy = new Proxy(
                socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP, socks ? new InetSocketAddress(url.host(), port) : address);
        if (socks) {
            String name = url.username().isEmpty() ? null : url.username();
            Socks spoken = new Socks(socks4 ? 4 : 5, url.host(), port, name, name == null ? null : url.password());
            return new Route(proxy, null, spoken, shown(socks4 ? "socks4" : "socks5", url.host(), port), setting);
        }
        String credential = url.username().isEmpty()
                ? null
                : Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8);
        return new Route(proxy, credential, null, shown("http", url.host(), port), setting);
    }
}
