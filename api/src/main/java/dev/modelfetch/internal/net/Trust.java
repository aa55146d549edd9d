package dev.modelfetch.internal.net;

import dev.modelfetch.FetchException;
import dev.modelfetch.spi.UntrustedIssuer;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a certificate that the JDK trusts, or one of several others: a company that looks into connections adds its own
 * authority to one of them. They are read only when the JDK says no, since most never need them. Thread-safe.
 */
public final class Trust extends X509ExtendedTrustManager {

    private final List<Supplier<Optional<X509ExtendedTrustManager>>> roots;

    /** @param others whom to ask after the JDK; each is made when it is needed, and may be null or a usage error then */
    public Trust(List<Supplier<@Nullable X509ExtendedTrustManager>> others) {
        List<Supplier<Optional<X509ExtendedTrustManager>>> all = new ArrayList<>();
        all.add(once(() -> in(null)));
        others.forEach(other -> all.add(once(other)));
        this.roots = List.copyOf(all);
    }

    /**
     * Trusts the certificates in that store.
     *
     * @param store null for those of the JDK
     */
    public static X509ExtendedTrustManager in(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager manager) {
                    return manager;
                }
            }
            throw new IllegalStateException("this Java has no trust in certificates");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Supplier<Optional<X509ExtendedTrustManager>> once(
            Supplier<@Nullable X509ExtendedTrustManager> reading) {
        return new Supplier<>() {
            private boolean known;
            private @Nullable X509ExtendedTrustManager manager;

            @Override
            public synchronized Optional<X509ExtendedTrustManager> get() {
                if (!known) {
                    manager = reading.get();
                    known = true;
                }
                return Optional.ofNullable(manager);
            }
        };
    }

    /** Makes sockets that trust the same. */
    SSLSocketFactory socketFactory() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java speaks no TLS", e);
        }
    }

    /** One way of asking. */
    private interface Question {
        void ask(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void anyOf(X509Certificate[] chain, Question question) throws CertificateException {
        CertificateException first = null;
        String note = null;
        for (Supplier<Optional<X509ExtendedTrustManager>> root : roots) {
            try {
                Optional<X509ExtendedTrustManager> manager = root.get();
                if (manager.isPresent()) {
                    question.ask(manager.get());
                    return;
                }
            } catch (FetchException.Usage unreadable) {
                note = unreadable.getMessage();
            } catch (CertificateException e) {
                first = first == null ? e : first;
            }
        }
        throw new UntrustedIssuer(chain, note, first);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        anyOf(chain, manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        anyOf(chain, manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        anyOf(chain, manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("nobody is served here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        List<X509Certificate> all = new ArrayList<>();
        roots.get(0).get().ifPresent(manager -> all.addAll(List.of(manager.getAcceptedIssuers())));
        return all.toArray(X509Certificate[]::new);
    }
}
