package dev.modelfetch.serve;

import java.util.Map;

/** Lets pages of other places read, by a token of their own where one is needed; never by what a browser adds itself. */
final class Cors {

    static final Map<String, String> HEADERS = Map.of(
            "Access-Control-Allow-Origin",
            "*",
            "Access-Control-Expose-Headers",
            "X-Repo-Commit, X-Linked-Etag, X-Linked-Size, X-Error-Code, X-Error-Message, ETag, Content-Range,"
                    + " Accept-Ranges, Repr-Digest, Link");

    private Cors() {}

    /** What a browser asks before it asks. */
    static Reply preflight() {
        return new Reply(
                204,
                Map.of(
                        "Access-Control-Allow-Methods",
                        "GET, HEAD, POST",
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Range, If-Range, If-None-Match",
                        "Access-Control-Max-Age",
                        "86400"),
                0,
                new Reply.None());
    }
}
