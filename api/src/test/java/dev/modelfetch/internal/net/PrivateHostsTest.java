package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateHostsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "a.localhost",
                "olah",
                "nas.local",
                "nas.lan",
                "hub.internal",
                "x.home.arpa",
                "127.0.0.1",
                "127.9.9.9",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "0.0.0.0",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "::ffff:192.168.0.1",
                "127.1",
                "10.1",
                "2130706433",
                "1.2.3.999",
            })
    void theseAreInsideSomebodysNetwork(String host) {
        assertThat(PrivateHosts.isPrivate(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub.test",
                "local.example",
                "internal.example",
                "mylan.example",
                "10.example.org",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "2001:db8::1",
                "2606:4700::1",
            })
    void theseAreNot(String host) {
        assertThat(PrivateHosts.isPrivate(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "x.localhost", "127.0.0.1", "127.9.9.9", "::1", "127.1"})
    void theseAreThisMachine(String host) {
        assertThat(PrivateHosts.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost.example", "10.0.0.1", "hub.test", "olah", "::2", "128.0.0.1"})
    void theseAreNotThisMachine(String host) {
        assertThat(PrivateHosts.isLoopback(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.1.2.3", "192.168.0.1", "::1", "fd00::1", "169.254.169.254"})
    void aDataHostWhoseNameLeadsInsideIsRefused(String host) {
        GuardedDns dns = new GuardedDns("hub.test"::equals);

        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> dns.lookup(host))
                .withMessage(host + " leads into a private network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "198.18.0.5", "198.19.1.1", "2001:db8::1", "fc00::5"})
    void publicAndFakedAddressesPass(String host) {
        GuardedDns dns = new GuardedDns("hub.test"::equals);

        assertThatNoException().isThrownBy(() -> dns.lookup(host));
    }

    @Test
    void aHostThatIsTrustedMayBeAnywhere() throws UnknownHostException {
        assertThat(new GuardedDns("localhost"::equals).lookup("localhost"))
                .isNotEmpty()
                .allMatch(address -> address.isLoopbackAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "0.0.0.0", "10.1.2.3", "240.0.0.1", "255.255.255.255", "224.0.0.1", "::1", "fe80::1"
            })
    void noPublicHostHasTheseAddresses(String address) throws UnknownHostException {
        assertThat(PrivateHosts.isNoPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "223.5.5.5", "2606:4700::1", "64:ff9b::808:808"})
    void publicHostsHaveThese(String address) throws UnknownHostException {
        assertThat(PrivateHosts.isNoPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.1, true",
        "198.19.255.255, true",
        "198.17.0.1, false",
        "198.20.0.1, false",
        "fc00::1, true",
        "fd00::1, false"
    })
    void proxyToolsHandOutAddressesOfTheirOwn(String address, boolean fake) throws UnknownHostException {
        assertThat(PrivateHosts.isFake(InetAddress.getByName(address))).isEqualTo(fake);
    }
}
