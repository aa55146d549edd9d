package dev.modelfetch.spi;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nobody whom we trust has signed that certificate; says who has, since that tells a company's network from an attack. */
public final class UntrustedIssuer extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final String issuer;
    private final @Nullable String note;

    /**
     * @param chain as the server sent it, its own first
     * @param note what else is wrong, for example with a file of certificates; null for nothing
     */
    public UntrustedIssuer(X509Certificate[] chain, @Nullable String note, @Nullable Throwable cause) {
        super("issued by " + quoted(issuerOf(chain)) + (note == null ? "" : "; " + note), cause);
        this.issuer = issuerOf(chain);
        this.note = note;
    }

    private static String quoted(String issuer) {
        return issuer.isEmpty() ? "nobody" : "\"" + issuer + "\"";
    }

    /** Who has signed it, as {@link #issuerOf} has it. */
    public String issuer() {
        return issuer;
    }

    /** What else is wrong, for example with a file of certificates. */
    public Optional<String> note() {
        return Optional.ofNullable(note);
    }

    /**
     * Who has signed that.
     *
     * @param chain as the server sent it, its own first
     * @return the common name, or all of it; empty without a certificate
     */
    public static String issuerOf(X509Certificate[] chain) {
        if (chain.length == 0) {
            return "";
        }
        String name = chain[chain.length - 1].getIssuerX500Principal().getName().replaceAll("\\p{Cntrl}", " ");
        for (String part : name.split(",")) {
            if (part.strip().toUpperCase(Locale.ROOT).startsWith("CN=")) {
                return part.strip().substring(3);
            }
        }
        return name;
    }
}
