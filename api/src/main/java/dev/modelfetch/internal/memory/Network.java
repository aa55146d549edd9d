package dev.modelfetch.internal.memory;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where this machine is: whoever moves to another network, or switches a VPN on, finds other lines there. */
final class Network {

    private Network() {}

    /** The prefixes of its own addresses, without the addresses. */
    static String here() {
        SortedSet<String> prefixes = new TreeSet<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    each.getInterfaceAddresses().forEach(address -> add(address, prefixes));
                }
            }
        } catch (SocketException | NullPointerException e) {
            // A machine that does not tell has one network; some have answered null for none.
        }
        return String.join(" ", prefixes);
    }

    private static void add(InterfaceAddress own, SortedSet<String> into) {
        InetAddress address = own.getAddress();
        if (address == null || address.isLinkLocalAddress() || address.isLoopbackAddress()) {
            return;
        }
        byte[] bytes = address.getAddress();
        int kept = Math.max(0, Math.min(own.getNetworkPrefixLength(), bytes.length * 8));
        for (int bit = kept; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        into.add(HexFormat.of().formatHex(bytes) + "/" + kept);
    }
}
