package dev.modelfetch.source.mirror;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Hosts of one's own network, told by their name or literal address alone: nothing is looked up. */
final class NearbyHosts {

    /** Narrow, because Java looks up everything else in the DNS. */
    private static final Pattern LITERAL = Pattern.compile("OCTET\\.OCTET\\.OCTET\\.OCTET|[0-9a-fA-F.]*:[0-9a-fA-F:.]*"
            .replace("OCTET", "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"));

    private NearbyHosts() {}

    /** Whether the host is loopback, link-local, private, or a bare name such as {@code nas}. */
    static boolean contains(String host) {
        if (!LITERAL.matcher(host).matches()) {
            return host.indexOf('.') < 0;
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || isUniqueLocal(address.getAddress());
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /** {@code fc00::/7}, which Java does not count as site-local. */
    private static boolean isUniqueLocal(byte[] address) {
        return address.length == 16 && (address[0] & 0xfe) == 0xfc;
    }
}
