package dev.modelfetch.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import okhttp3.HttpUrl;

/** The hosts a {@code NO_PROXY} value exempts: the union of what curl, Python and Go understand (mirrors.md 5.2, 5.4). */
final class NoProxy {

    private final boolean everything;
    private final List<Entry> entries;

    NoProxy(String value) {
        this.everything = value.trim().equals("*");
        this.entries = Arrays.stream(value.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty() && !entry.equals("*"))
                .map(Entry::of)
                .toList();
    }

    boolean matches(HttpUrl url) {
        return everything || entries.stream().anyMatch(entry -> entry.matches(url));
    }

    /**
     * One entry.
     *
     * @param host name without leading {@code *.} or {@code .}, or the base address of a block
     * @param prefix bits of a block; -1 for a name or single address
     * @param port 0 for any
     */
    private record Entry(String host, int prefix, int port) {

        static Entry of(String text) {
            String rest = text.toLowerCase(Locale.ROOT);
            int slash = rest.indexOf('/');
            if (slash > 0 && rest.substring(slash + 1).matches("\\d{1,3}")) {
                return new Entry(unbracketed(rest.substring(0, slash)), Integer.parseInt(rest.substring(slash + 1)), 0);
            }
            int port = 0;
            int colon = rest.lastIndexOf(':');
            boolean bareIpv6 = !rest.startsWith("[") && rest.indexOf(':') != colon;
            if (colon > 0 && !bareIpv6 && rest.substring(colon + 1).matches("\\d{1,5}")) {
                port = Integer.parseInt(rest.substring(colon + 1));
                rest = rest.substring(0, colon);
            }
            rest = unbracketed(rest);
            if (rest.startsWith("*.")) {
                rest = rest.substring(2);
            } else if (rest.startsWith(".")) {
                rest = rest.substring(1);
            }
            return new Entry(rest, -1, port);
        }

        boolean matches(HttpUrl url) {
            if (host.isEmpty() || (port != 0 && port != url.port())) {
                return false;
            }
            if (prefix >= 0) {
                return inBlock(url.host());
            }
            if (PrivateHosts.isLiteral(host) && PrivateHosts.isLiteral(url.host())) {
                return Arrays.equals(bytes(host), bytes(url.host()));
            }
            return url.host().equals(host) || (url.host().endsWith("." + host) && !PrivateHosts.isLiteral(url.host()));
        }

        private boolean inBlock(String candidate) {
            if (!PrivateHosts.isLiteral(candidate) || !PrivateHosts.isLiteral(host)) {
                return false;
            }
            byte[] block = bytes(host);
            byte[] address = bytes(candidate);
            if (block.length != address.length || prefix > block.length * 8) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((block[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        private static byte[] bytes(String literal) {
            try {
                return InetAddress.getByName(literal).getAddress();
            } catch (UnknownHostException e) {
                return new byte[0];
            }
        }

        private static String unbracketed(String text) {
            return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        }
    }
}
