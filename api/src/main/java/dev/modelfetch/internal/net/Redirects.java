package dev.modelfetch.internal.net;

import java.io.IOException;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Goes hop by hop where OkHttp would follow by itself, and decides at each hop whether the source's token is shown. It is
 * the only code that writes {@code Authorization}: to the scheme, host and port of the source's own endpoint, never
 * elsewhere (mirrors.md M2, M3, 6.1).
 *
 * <p>An application interceptor on purpose: a network interceptor runs once per hop inside OkHttp and would leak.
 */
final class Redirects implements Interceptor {

    /** What to do about a redirect. */
    interface Rule {
        /**
         * @param from the address that answered
         * @param to the address it points to
         * @return the address to ask next; null to hand the redirect itself back as the answer
         * @throws RefusedRedirect if it must be neither followed nor believed
         */
        @Nullable
        HttpUrl next(HttpUrl from, HttpUrl to) throws RefusedRedirect;
    }

    private static final int MOST_HOPS = 5;
    /** Of those, to hosts that are not the endpoint's own. */
    private static final int MOST_HOPS_AWAY = 3;

    private final HttpUrl endpoint;
    private final @Nullable Secret token;
    private final Rule rule;

    Redirects(HttpUrl endpoint, @Nullable Secret token, Rule rule) {
        this.endpoint = endpoint;
        this.token = token;
        this.rule = rule;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        int away = 0;
        for (int hop = 0; ; hop++) {
            Trail.follow(request);
            Response response = chain.proceed(signed(request));
            String location = response.header("Location");
            if (!response.isRedirect() || location == null) {
                return response;
            }
            HttpUrl target = request.url().resolve(location);
            HttpUrl next = target == null ? null : next(response, request.url(), target);
            if (next == null) {
                return response;
            }
            response.close();
            away += Endpoints.sameOrigin(next, endpoint) ? 0 : 1;
            if (hop == MOST_HOPS || away > MOST_HOPS_AWAY) {
                throw new RefusedRedirect("too many redirects from " + endpoint.host());
            }
            // Method and body stay: hubs redirect with 307 and 308, and what we POST is a question, not a change.
            request = request.newBuilder().url(next).build();
        }
    }

    private @Nullable HttpUrl next(Response response, HttpUrl from, HttpUrl target) throws RefusedRedirect {
        try {
            return rule.next(from, target);
        } catch (RefusedRedirect e) {
            response.close();
            throw e;
        }
    }

    private Request signed(Request request) {
        Request.Builder hop = request.newBuilder().removeHeader("Authorization");
        if (token != null && Endpoints.sameOrigin(request.url(), endpoint)) {
            hop.header("Authorization", token.bearer());
        }
        return hop.build();
    }

    /** M2: stays on the endpoint's own origin; everything else is a final answer with a {@code Location}. */
    static Rule controlPlane(HttpUrl endpoint) {
        return (from, to) -> {
            if (Endpoints.sameOrigin(to, endpoint) || Endpoints.sameSite(to, endpoint)) {
                return to;
            }
            // A proxy behind a TLS front end names itself with the inner scheme (mirrors.md 3.4).
            HttpUrl secure = to.newBuilder()
                    .scheme(endpoint.scheme())
                    .port(endpoint.port())
                    .build();
            boolean inner = endpoint.isHttps() && !to.isHttps() && to.host().equals(endpoint.host());
            return inner && !secure.equals(from) ? secure : null;
        };
    }

    /**
     * M3: to any host that keeps the security of the endpoint, but not into a private network from outside, and not to
     * the front door of another source: that would climb the wall around a forced source.
     *
     * @param others endpoints of all other sources
     */
    static Rule dataPlane(HttpUrl endpoint, Set<HttpUrl> others) {
        boolean inside = PrivateHosts.isPrivate(endpoint.host());
        return (from, to) -> {
            if (Endpoints.sameOrigin(to, endpoint)) {
                return to;
            }
            if (from.isHttps() && !to.isHttps()) {
                throw new RefusedRedirect(from.host() + " redirects to clear text at " + to.host());
            }
            if (!inside && (!to.isHttps() || PrivateHosts.isPrivate(to.host()))) {
                throw new RefusedRedirect(from.host() + " redirects into a private network, to " + to.host());
            }
            return others.stream().anyMatch(other -> Endpoints.sameOrigin(other, to)) ? null : to;
        };
    }
}
