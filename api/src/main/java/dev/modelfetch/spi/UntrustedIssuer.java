package dev.modelfetch.spi;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Nobody whom we trust has signed that certificate; says who has, since that tells a company's network from an attack. */
public final class UntrustedIssuer extends CertificateException {

    private static final long serialVersionUID = 1L;

    /**
     * @param chain as the server sent it, its own first
     * @param note what else is wrong, for example with a file of certificates; null for nothing
     */
    public UntrustedIssuer(X509Certificate[] chain, @Nullable String note, @Nullable Throwable cause) {
        super("issued by " + issuer(chain) + (note == null ? "" : "; " + note), cause);
    }

    /** Its common name, or all of it. */
    private static String issuer(X509Certificate[] chain) {
        if (chain.length == 0) {
            return "nobody";
        }
        String name = chain[chain.length - 1].getIssuerX500Principal().getName().replaceAll("\\p{Cntrl}", " ");
        for (String part : name.split(",")) {
            if (part.strip().toUpperCase(Locale.ROOT).startsWith("CN=")) {
                return "\"" + part.strip().substring(3) + "\"";
            }
        }
        return "\"" + name + "\"";
    }
}
