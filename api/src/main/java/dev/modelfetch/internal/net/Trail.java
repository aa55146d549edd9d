package dev.modelfetch.internal.net;

import okhttp3.HttpUrl;
import okhttp3.Request;

/** Where a request is on its way through redirects, so that whoever fails is called by its own name. For one thread. */
public final class Trail {

    private HttpUrl at;

    public Trail(HttpUrl from) {
        this.at = from;
    }

    /** The address asked last. */
    public HttpUrl at() {
        return at;
    }

    /** Notes it, where somebody wants to know. */
    static void follow(Request request) {
        Trail trail = request.tag(Trail.class);
        if (trail != null) {
            trail.at = request.url();
        }
    }
}
