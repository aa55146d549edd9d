package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import java.util.Locale;
import okhttp3.HttpUrl;

/** Reads the base address of a hub (mirrors.md M1) and compares origins. */
public final class Endpoints {

    private Endpoints() {}

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
            // What cannot be read may still hold a password.
            throw new FetchException.Usage(
                    setting + ": \"" + trimmed.replaceAll("[^/]*@|[?#].*", "") + "\" is not an address.",
                    "Write https://host or https://host/prefix.");
        }
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw new FetchException.Usage(
                    setting + " carries a user name or password.", "Leave them out; give a token with --token-file.");
        }
        if (url.query() != null || url.fragment() != null) {
            throw new FetchException.Usage(
                    setting + ": " + Redact.url(url) + " has a query.", "Give the base address alone.");
        }
        if (!url.isHttps() && !PrivateHosts.isPrivate(url.host())) {
            throw new FetchException.Usage(
                    setting + ": " + Redact.url(url) + " would send everything in clear text.",
                    "Use https. Plain http is accepted for loopback and private addresses only.");
        }
        return url;
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
