package dev.modelfetch.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import okhttp3.Dns;

/** Refuses data hosts whose public-looking name leads into the private network of whoever runs this (mirrors.md M3). */
final class GuardedDns implements Dns {

    private final Predicate<String> trusted;

    /** @param trusted hosts that may be anywhere: the endpoint's, and proxies */
    GuardedDns(Predicate<String> trusted) {
        this.trusted = trusted;
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        List<InetAddress> addresses = Dns.SYSTEM.lookup(hostname);
        boolean faked = addresses.stream().anyMatch(PrivateHosts::isFake);
        if (!faked && !trusted.test(hostname) && addresses.stream().anyMatch(PrivateHosts::isPrivate)) {
            throw new UnknownHostException(hostname + " leads into a private network");
        }
        return addresses;
    }
}
