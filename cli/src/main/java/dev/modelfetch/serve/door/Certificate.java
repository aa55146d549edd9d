package dev.modelfetch.serve.door;

import dev.modelfetch.FetchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * By which a service proves who it is: a chain of certificates and its key in PEM files, read anew when they have changed,
 * as whoever renews them does not restart it. Thread-safe.
 */
public final class Certificate {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final List<String> KINDS = List.of("EC", "RSA", "Ed25519");
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path chain;
    private final Path key;

    // Guarded by this.
    private Loaded now;
    private Loaded former;
    private long lookedNanos = System.nanoTime();

    private record Loaded(List<X509Certificate> chain, PrivateKey key, FileTime ofChain, FileTime ofKey, int number) {}

    private Certificate(Path chain, Path key) throws IOException, GeneralSecurityException {
        this.chain = chain;
        this.key = key;
        this.now = load(0);
        this.former = now;
    }

    /**
     * Reads it.
     *
     * @param chain certificates in PEM, that of the service first
     * @param key of the first, in PEM and PKCS #8, without a password
     * @throws FetchException.Usage if that is not what is there
     */
    public static Certificate in(Path chain, Path key) {
        try {
            return new Certificate(chain, key);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new FetchException.Usage(
                    "The certificate " + chain + " and its key " + key + " cannot be used: " + e.getMessage() + ".",
                    "Give a chain of certificates in PEM, and its key as openssl pkcs8 -topk8 -nodes writes it.",
                    e);
        }
    }

    private Loaded load(int number) throws IOException, GeneralSecurityException {
        FileTime ofChain = Files.getLastModifiedTime(chain);
        FileTime ofKey = Files.getLastModifiedTime(key);
        List<X509Certificate> certificates =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chain)))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate");
        }
        Matcher pem = KEY.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new GeneralSecurityException("there is no key in PKCS #8");
        }
        PKCS8EncodedKeySpec coded = new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(pem.group(1).strip()));
        return new Loaded(certificates, privateKey(coded), ofChain, ofKey, number);
    }

    private static PrivateKey privateKey(PKCS8EncodedKeySpec coded) throws GeneralSecurityException {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(coded);
            } catch (InvalidKeySpecException another) {
                // The next kind.
            }
        }
        throw new GeneralSecurityException("the key is of no kind that is known: " + String.join(", ", KINDS));
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Keys()}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** A half-written pair is left for the next look. */
    private synchronized Loaded current() {
        long time = System.nanoTime();
        if (time - lookedNanos >= LOOK_NANOS) {
            lookedNanos = time;
            try {
                boolean same = Files.getLastModifiedTime(chain).equals(now.ofChain())
                        && Files.getLastModifiedTime(key).equals(now.ofKey());
                if (!same) {
                    Loaded fresh = load(now.number() + 1);
                    former = now;
                    now = fresh;
                }
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                System.getLogger(Certificate.class.getName())
                        .log(Level.WARNING, "the new certificate cannot be used yet: " + e.getMessage());
            }
        }
        return now;
    }

    /** The one that a handshake has begun with. */
    private synchronized Loaded of(String alias) {
        return alias.equals(name(former)) ? former : now;
    }

    private static String name(Loaded loaded) {
        return "certificate-" + loaded.number();
    }

    private final class Keys extends X509ExtendedKeyManager {

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return alias(keyType);
        }

        private @Nullable String alias(String keyType) {
            Loaded loaded = current();
            String own = loaded.key().getAlgorithm();
            boolean fits = keyType.equals(own) || (own.startsWith("Ed") && keyType.startsWith("Ed"));
            return fits ? name(loaded) : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return of(alias).chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return of(alias).key();
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            String alias = alias(keyType);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
