package dev.modelfetch.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/** Which hosts and addresses are inside somebody's own network. */
public final class PrivateHosts {

    private static final List<String> LOCAL_SUFFIXES =
            List.of(".local", ".lan", ".internal", ".home.arpa", ".localhost");

    private PrivateHosts() {}

    /** By its name alone: an address literal of a private range, or a name that no public DNS serves. */
    public static boolean isPrivate(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (isLiteral(name)) {
            try {
                return isPrivate(InetAddress.getByName(name));
            } catch (UnknownHostException e) {
                // Numbers that are no address: nothing public either.
                return true;
            }
        }
        return !name.contains(".") || LOCAL_SUFFIXES.stream().anyMatch(name::endsWith);
    }

    /** 198.18.0.0/15 is not among them: there proxy tools hand out fake addresses for public names (mirrors.md 5.6). */
    static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean uniqueLocal = octets.length == 16 && (octets[0] & 0xfe) == 0xfc;
        boolean carrier = octets.length == 4 && (octets[0] & 0xff) == 100 && (octets[1] & 0xc0) == 64;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || uniqueLocal
                || carrier;
    }

    /** The pools from which proxy tools hand out addresses for names they resolve themselves (mirrors.md 5.6). */
    static boolean isFake(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? (octets[0] & 0xff) == 198 && (octets[1] & 0xfe) == 18
                : (octets[0] & 0xff) == 0xfc && octets[1] == 0 && (octets[2] & 0xc0) == 0;
    }

    /** Of no public host: inside somebody's network, or nowhere. What a name server says that was told to lie. */
    static boolean isNoPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        int first = octets[0] & 0xff;
        // "This network", and what is reserved. IPv6 has its public hosts in 2000::/3, and those of IPv4 in 64:ff9b::.
        boolean translated = octets.length == 16 && first == 0 && octets[1] == 0x64 && (octets[2] & 0xff) == 0xff;
        boolean nowhere = octets.length == 4 ? first == 0 || first >= 240 : (first & 0xe0) != 0x20 && !translated;
        return nowhere || address.isMulticastAddress() || isPrivate(address);
    }

    static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (isLiteral(name)) {
            try {
                return InetAddress.getByName(name).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** Text that no resolver would be asked about; IPv4 also in its short forms, which Java and OkHttp accept. */
    static boolean isLiteral(String host) {
        return host.contains(":") || host.matches("\\d+(\\.\\d+){0,3}");
    }
}
