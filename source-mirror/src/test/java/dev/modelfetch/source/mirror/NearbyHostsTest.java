package dev.modelfetch.source.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearbyHostsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "nas",
                "127.0.0.1",
                "127.9.9.9",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.7",
                "169.254.1.1",
                "::1",
                "fe80::1",
                "fd12:3456::1",
                "fc00::1"
            })
    void oneOfOurOwnNetworkIsNear(String host) {
        assertThat(NearbyHosts.contains(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf-mirror.com",
                "8.8.8.8",
                "172.32.0.1",
                "192.169.0.1",
                "11.0.0.1",
                "2001:db8::1",
                "10.example.com",
                "10.0.0.1.5",
                "10.0.0.999"
            })
    void everyOtherIsFar(String host) {
        assertThat(NearbyHosts.contains(host)).isFalse();
    }
}
