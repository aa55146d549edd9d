package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.net.Trust;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates to trust beside those of the JDK. */
final class Certificates {

    /** Where Linux distributions keep theirs; a company adds its own there and not to every JDK. */
    private static final List<Path> OF_SYSTEM = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private Certificates() {}

    /**
     * Trusts what the JDK trusts, the file a user has named, and the operating system.
     *
     * @param bundle file of certificates; empty for none. Read when it is needed
     */
    static Trust trust(Optional<Setting> bundle) {
        return new Trust(List.of(
                () -> bundle.map(Certificates::of).map(Certificates::trusting).orElse(null), Certificates::ofSystem));
    }

    /**
     * Those of a file as people pass it to curl or to Python.
     *
     * @throws FetchException.Usage if it has none
     */
    static Collection<? extends Certificate> of(Setting file) {
        Path path = Path.of(file.value());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!all.isEmpty()) {
                return all;
            }
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, e);
        }
        throw unusable(file, null);
    }

    private static FetchException.Usage unusable(Setting file, @Nullable Exception why) {
        Message what = why instanceof IOException unread
                ? Message.of(
                        "certificates-unreadable",
                        "{0}: the certificates in {1} cannot be read: {2}.",
                        file.from(),
                        file.value(),
                        Phrase.Clause.of(unread))
                : Message.of(
                        "no-certificates", "{0}: the certificates in {1} cannot be read.", file.from(), file.value());
        Hint hint = Hint.plain("Give a file with certificates in PEM form.");
        return why == null ? new FetchException.Usage(what, hint) : new FetchException.Usage(what, hint, why);
    }

    /** Trusts what the operating system trusts; null where that is not known. */
    private static @Nullable X509ExtendedTrustManager ofSystem() {
        String os = System.getProperty("os.name", "");
        String store = os.startsWith("Windows") ? "Windows-ROOT" : os.startsWith("Mac") ? "KeychainStore" : "";
        try {
            if (!store.isEmpty()) {
                KeyStore system = KeyStore.getInstance(store);
                system.load(null, null);
                return Trust.in(system);
            }
            for (Path bundle : OF_SYSTEM) {
                if (Files.isReadable(bundle)) {
                    return trusting(of(new Setting(bundle.toString(), "system")));
                }
            }
            return null;
        } catch (IOException | GeneralSecurityException | FetchException.Usage e) {
            // Then the others have to do.
            return null;
        }
    }

    private static X509ExtendedTrustManager trusting(Collection<? extends Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            return Trust.in(store);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
