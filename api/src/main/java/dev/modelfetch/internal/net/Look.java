package dev.modelfetch.internal.net;

import dev.modelfetch.internal.net.Sighting.Authority;
import dev.modelfetch.internal.net.Sighting.Named;
import dev.modelfetch.internal.net.Sighting.Place;
import dev.modelfetch.internal.net.Sighting.Trouble;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.UntrustedIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One small request to an endpoint, for what can be seen on the way: the addresses of its name, who vouches for its
 * certificate, what time it has. What it answers does not matter, and it is shown no token. Thread-safe.
 */
public final class Look {

    private final HttpUrl endpoint;
    private final Routes.Reason way;
    private final InstantSource clock;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Call call;
    private volatile boolean asksName;
    private volatile List<InetAddress> addresses = List.of();
    private volatile X509Certificate[] chain = {};
    private volatile @Nullable Duration clockAhead;
    private volatile @Nullable IOException failure;

    private Look(HttpClients clients, Line line, HttpUrl endpoint, InstantSource clock, Duration most) {
        this.endpoint = endpoint;
        this.way = line.explain(endpoint);
        this.clock = clock;
        this.call = clients.looks(line, new Watcher(), this::seeCertificate, most)
                .newCall(new Request.Builder().url(endpoint).head().build());
    }

    /**
     * Begins it, and does not wait.
     *
     * @param most how long it may take
     * @throws dev.modelfetch.FetchException.Usage if the setting that decides the route cannot be used
     */
    public static Look begin(HttpClients clients, Line line, HttpUrl endpoint, InstantSource clock, Duration most) {
        Look look = new Look(clients, line, endpoint, clock, most);
        look.call.enqueue(look.new Ending());
        return look;
    }

    /** Waits for its end, at most so long, and tells what has been seen by then. */
    public Sighting await(Duration most) throws InterruptedException {
        try {
            end.get(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS);
            return sighting();
        } catch (ExecutionException | TimeoutException e) {
            // A name server that keeps silent holds up even a call that was given up.
            return sighting();
        } finally {
            // After it has been told: what is cut short fails as well.
            call.cancel();
        }
    }

    private Sighting sighting() {
        return new Sighting(
                way,
                named(),
                addresses.stream().map(InetAddress::getHostAddress).toList(),
                authority(),
                Optional.ofNullable(clockAhead),
                trouble());
    }

    private Named named() {
        if (PrivateHosts.isLiteral(endpoint.host())) {
            return Named.NOTHING;
        }
        if (way.proxied()) {
            return Named.BY_PROXY;
        }
        List<InetAddress> found = addresses;
        if (found.isEmpty()) {
            return Named.NOTHING;
        }
        if (found.stream().anyMatch(PrivateHosts::isFake)) {
            return Named.FAKE;
        }
        boolean inside = found.stream().anyMatch(PrivateHosts::isNoPublic);
        return inside && !PrivateHosts.isPrivate(endpoint.host()) ? Named.NO_PUBLIC : Named.FOUND;
    }

    private Optional<Authority> authority() {
        X509Certificate[] shown = chain;
        if (shown.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new Authority(UntrustedIssuer.issuerOf(shown), isKnownToJava(shown)));
    }

    private static boolean isKnownToJava(X509Certificate[] shown) {
        try {
            Trust.in(null).checkServerTrusted(shown, "UNKNOWN");
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private Optional<Trouble> trouble() {
        IOException failed = failure;
        if (failed == null) {
            return end.isDone()
                    ? Optional.empty()
                    : Optional.of(new Trouble(
                            asksName && addresses.isEmpty() ? Place.NAME : Place.CONNECTION, "no answer in time"));
        }
        return Optional.of(distrust(failed)
                .map(unknown -> new Trouble(Place.UNTRUSTED, unknown.issuer(), unknown.note()))
                .filter(unknown -> place(failed) == Place.UNTRUSTED)
                .orElseGet(() -> new Trouble(place(failed), words(failed))));
    }

    private static Optional<UntrustedIssuer> distrust(IOException failed) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof UntrustedIssuer unknown) {
                return Optional.of(unknown);
            }
        }
        return Optional.empty();
    }

    private Place place(IOException failed) {
        if (way.proxied() && OnTheWay.isItsOwn(failed)) {
            return Place.PROXY;
        }
        if (failed instanceof UnknownHostException || (asksName && addresses.isEmpty())) {
            return Place.NAME;
        }
        if (failed instanceof SSLPeerUnverifiedException) {
            return Place.OTHER_HOST;
        }
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof CertificateExpiredException || at instanceof CertificateNotYetValidException) {
                return Place.TIME;
            }
        }
        return distrust(failed).isPresent() ? Place.UNTRUSTED : Place.CONNECTION;
    }

    /** Those of everybody who fails in this way, without the host that stands behind them in brackets. */
    private String words(IOException failed) {
        String words = CommonVerdicts.ofFailure(failed, endpoint).detail();
        String host = " (" + endpoint.host() + ")";
        return words.endsWith(host) ? words.substring(0, words.length() - host.length()) : words;
    }

    private Response seeCertificate(Interceptor.Chain request) throws IOException {
        if (request.connection() != null && request.connection().socket() instanceof SSLSocket secured) {
            chain = Arrays.stream(secured.getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        }
        return request.proceed(request.request());
    }

    private final class Watcher extends EventListener {

        @Override
        public void dnsStart(Call any, String name) {
            asksName |= name.equals(endpoint.host());
        }

        @Override
        public void dnsEnd(Call any, String name, List<InetAddress> found) {
            if (name.equals(endpoint.host())) {
                addresses = List.copyOf(found);
            }
        }
    }

    private final class Ending implements Callback {

        @Override
        public void onResponse(Call any, Response response) {
            try (response) {
                Date theirs = response.headers().getDate("Date");
                if (theirs != null) {
                    // What a cache has kept for a while says when it was new, and for how long it has been there.
                    Duration age = Duration.ofSeconds(seconds(response.header("Age")));
                    clockAhead = Duration.between(theirs.toInstant().plus(age), clock.instant());
                }
            }
            end.complete(null);
        }

        @Override
        public void onFailure(Call any, IOException e) {
            failure = e;
            end.complete(null);
        }

        private static long seconds(@Nullable String text) {
            return text != null && text.strip().matches("\\d{1,9}") ? Long.parseLong(text.strip()) : 0;
        }
    }
}
