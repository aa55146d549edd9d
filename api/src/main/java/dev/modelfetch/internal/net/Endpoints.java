package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Reads the base address of a hub (mirrors.md M1) and compares origins. */
public final class Endpoints {

    /** A host with a port has no slash behind its colon, and a drive of Windows is one letter. */
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):/.*");

    private static final String WEB_FORM = "Write https://host or https://host/prefix.";
    private static final String OTHER_FORM =
            "Write it with the scheme that this source has, for example file:///srv/models.";

    private static final HttpUrl HERE = HttpUrl.get("https://localhost/");

    private Endpoints() {}

    /**
     * The base address of a source: of the web, or of the scheme that its usual one has. Where that is {@code file:}, a
     * plain path will do.
     *
     * @param usual what the source says of itself
     * @throws FetchException.Usage if it is not an address that may be used
     */
    public static URI parse(Setting setting, String usual) {
        String scheme = schemeOf(usual);
        String text = setting.value().trim();
        return isWeb(scheme) || (!schemeOf(text).isEmpty() && isWeb(schemeOf(text)))
                ? parse(setting).uri()
                : parse(setting, text, scheme);
    }

    private static URI parse(Setting setting, String text, String scheme) {
        boolean path = scheme.equals("file") && schemeOf(text).isEmpty() && !text.isEmpty();
        String whole = path
                ? new File(text).getAbsoluteFile().toURI().toString()
                : schemeOf(text).isEmpty() ? scheme + "://" + text : text;
        URI address;
        try {
            address = new URI(whole);
        } catch (URISyntaxException e) {
            throw unreadable(setting.from(), text, OTHER_FORM);
        }
        if (!schemeOf(whole).equals(scheme)) {
            throw unreadable(setting.from(), text, OTHER_FORM);
        }
        String authority = address.getRawAuthority();
        if (authority != null && authority.contains("@")) {
            throw credentials(setting.from());
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw query(setting.from(), Redact.url(address));
        }
        return address;
    }

    private static String schemeOf(String address) {
        Matcher matcher = SCHEME.matcher(address.trim());
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isWeb(String scheme) {
        return scheme.isEmpty() || scheme.equals("https") || scheme.equals("http");
    }

    /** Whether it is asked over HTTP. */
    public static boolean isWeb(URI endpoint) {
        return isWeb(schemeOf(endpoint.toString()));
    }

    /** Where a source is asked over HTTP if it is: at its endpoint, or else at the host which that names. */
    public static HttpUrl web(URI endpoint) {
        HttpUrl url = HttpUrl.get(endpoint);
        if (url != null) {
            return url;
        }
        HttpUrl host = HttpUrl.parse("https://" + name(endpoint) + "/");
        return endpoint.getHost() == null || host == null ? HERE : host;
    }

    /** Who is there, in a word: the host, with a port that is not the usual one; the whole address where none is named. */
    public static String name(URI endpoint) {
        HttpUrl url = HttpUrl.get(endpoint);
        if (url != null) {
            return name(url);
        }
        String host = endpoint.getHost();
        return host == null ? Redact.url(endpoint) : endpoint.getPort() < 0 ? host : host + ":" + endpoint.getPort();
    }

    /** As {@link #name(URI)}. */
    public static String name(HttpUrl url) {
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? url.host() : url.host() + ":" + url.port();
    }

    /** As {@link #parse(String, String)}. */
    public static HttpUrl parse(Setting setting) {
        return parse(setting.from(), setting.value());
    }

    /**
     * @param setting what to call it in an error, for example {@code --endpoint mirror}
     * @return with a trailing slash, so that relative paths keep a path prefix
     * @throws FetchException.Usage if it is not an address that may be used
     */
    public static HttpUrl parse(String setting, String text) {
        String trimmed = text.trim();
        String withScheme = trimmed.contains("://") ? trimmed : "https://" + trimmed;
        // A browser reads a backslash as a slash, and so would this; nobody means that.
        HttpUrl url = trimmed.contains("\\") ? null : HttpUrl.parse(withScheme.replaceAll("/+$", "") + "/");
        if (url == null) {
            throw unreadable(setting, trimmed, WEB_FORM);
        }
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw credentials(setting);
        }
        if (url.query() != null || url.fragment() != null) {
            throw query(setting, Redact.url(url));
        }
        if (!url.isHttps() && !PrivateHosts.isPrivate(url.host())) {
            throw new FetchException.Usage(
                    Message.of("clear-text", "{0}: {1} would send everything in clear text.", setting, Redact.url(url)),
                    Hint.plain("Use https. Plain http is accepted for loopback and private addresses only."));
        }
        return url;
    }

    private static FetchException.Usage unreadable(String setting, String text, String hint) {
        // What cannot be read may still hold a password.
        return new FetchException.Usage(
                Message.of(
                        "bad-address",
                        "{0}: \"{1}\" is not an address.",
                        setting,
                        text.replaceAll("[^/]*@|[?#].*", "")),
                Hint.plain(hint));
    }

    private static FetchException.Usage credentials(String setting) {
        return new FetchException.Usage(
                Message.of("secret-in-setting", "{0} carries a user name or password.", setting),
                Hint.of("no-token-there", "Leave them out; a token is given by itself."));
    }

    private static FetchException.Usage query(String setting, String address) {
        return new FetchException.Usage(
                Message.of("query-in-address", "{0}: {1} has a query.", setting, address),
                Hint.plain("Give the base address alone."));
    }

    /** Whether both have the same scheme, host and port. */
    public static boolean sameOrigin(HttpUrl a, HttpUrl b) {
        return a.scheme().equals(b.scheme()) && a.host().equals(b.host()) && a.port() == b.port();
    }

    /** Whether they differ by nothing but a leading {@code www.}: two names of one site. */
    static boolean sameSite(HttpUrl a, HttpUrl b) {
        return a.scheme().equals(b.scheme()) && a.port() == b.port() && bare(a).equals(bare(b));
    }

    private static String bare(HttpUrl url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        return host.startsWith("www.") ? host.substring(4) : host;
    }
}
