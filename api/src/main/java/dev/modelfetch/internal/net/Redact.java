package dev.modelfetch.internal.net;

import java.net.URI;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Addresses fit for logs and messages: no user info, no query, no fragment. */
public final class Redact {

    private static final Pattern USER = Pattern.compile("(?<=//)[^/@\\s]*@");
    private static final Pattern QUERY = Pattern.compile("(?<=://)([^\\s?#]*)[?#]\\S*");

    private Redact() {}

    /** As {@link #url(HttpUrl)}, for addresses of any scheme. */
    public static String url(URI url) {
        HttpUrl web = HttpUrl.get(url);
        if (web != null) {
            return url(web);
        }
        String text = words(url.toString());
        return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Words from elsewhere, where an address in them may carry a secret: in one line, and not endless. */
    public static String words(String text) {
        String plain = QUERY.matcher(USER.matcher(text).replaceAll("")).replaceAll("$1");
        return plain.strip().replaceAll("\\p{Cntrl}+", " ");
    }

    /** Scheme, host, a port that is not the default, and the path without a bare trailing slash. */
    public static String url(HttpUrl url) {
        String text = url.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build()
                .toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
