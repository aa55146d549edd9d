package dev.modelfetch.serve;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:@]+?)\\.?(?::[0-9]*)?");
    private static final Pattern FOUR_NUMBERS = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

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
        String name = nameIn(host.toLowerCase(Locale.ROOT));
        String own = URI.create(publicUrl).getHost();
        return name.equals("localhost") || name.equalsIgnoreCase(own) || isLoopbackAddress(name);
    }

    /** Without the port, and without the point that ends a full name; empty if it is no name. */
    private static String nameIn(String host) {
        Matcher parts = HOST.matcher(host);
        return parts.matches() ? parts.group(1) : "";
    }

    /** Never looks a name up: nothing else than an address can be in brackets, or have four numbers. */
    private static boolean isLoopbackAddress(String name) {
        boolean address = name.startsWith("[") || FOUR_NUMBERS.matcher(name).matches();
        try {
            return address && InetAddress.getByName(name).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
