package dev.modelfetch.serve;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * How a box answers.
 *
 * @param publicUrl what clients put into {@code HF_ENDPOINT}, without a stroke at its end; may have a path
 * @param loopback whether only this machine can reach it
 * @param version of this program
 * @param state file in which it remembers clients
 * @param policy of the operator
 * @param accounts for whom it is; empty for everybody
 * @param audit file that notes down who has read what; empty for none
 * @param cors whether pages of other places may read from it
 */
public record BoxOptions(
        String publicUrl,
        boolean loopback,
        String version,
        Path state,
        Policy policy,
        Optional<Accounts> accounts,
        Optional<Path> audit,
        boolean cors) {

    /** For everybody who can reach it, without a word about who has read what. */
    public static BoxOptions of(String publicUrl, boolean loopback, String version, Path state) {
        return new BoxOptions(
                publicUrl, loopback, version, state, Policy.NONE, Optional.empty(), Optional.empty(), false);
    }

    /** The part of the address before the Hub's own paths; empty for none. */
    String prefix() {
        String path = URI.create(publicUrl).getRawPath();
        return path == null || path.equals("/") ? "" : path;
    }

    /**
     * Whether a request may be meant for this service. On a loopback address one with another name comes from a page of
     * that name, which has its name server point here.
     */
    boolean isFor(String host) {
        if (!loopback) {
            return true;
        }
        String name = nameIn(host);
        String own = URI.create(publicUrl).getHost();
        return name.equals("localhost") || name.equalsIgnoreCase(own) || isLoopbackAddress(name);
    }

    private static String nameIn(String host) {
        String text = host.toLowerCase(Locale.ROOT);
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int mark = text.lastIndexOf(':');
        return mark < 0 ? text : text.substring(0, mark);
    }

    /** Never looks a name up. */
    private static boolean isLoopbackAddress(String name) {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        try {
            return address && InetAddress.getByName(name).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
