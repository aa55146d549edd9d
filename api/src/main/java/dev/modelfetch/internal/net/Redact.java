package dev.modelfetch.internal.net;

import okhttp3.HttpUrl;

/** Addresses fit for logs and messages: no user info, no query, no fragment. */
public final class Redact {

    private Redact() {}

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
