package dev.modelfetch.internal.net;

import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;

/**
 * How connections are secured.
 *
 * @param sockets makes them
 * @param trust what {@code sockets} believe
 */
public record Tls(SSLSocketFactory sockets, X509TrustManager trust) {

    /** Trusting what that trusts, with no certificate of our own. */
    public static Tls of(Trust trust) {
        return new Tls(trust.socketFactory(), trust);
    }
}
