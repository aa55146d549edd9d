package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretTest {

    private final Secret secret = new Secret("marker-token");

    @Test
    void aSecretIsNeverPrinted() {
        record Holder(Secret secret) {}

        assertThat(List.of(
                        secret.toString(),
                        String.valueOf(secret),
                        "token: " + secret,
                        String.format("%s", secret),
                        Map.of("hub", secret).toString(),
                        Optional.of(secret).toString(),
                        new Holder(secret).toString()))
                .allSatisfy(text -> assertThat(text).contains("Secret").doesNotContain("marker"));
    }

    @Test
    void theHeaderIsTheOnlyWayToIt() {
        assertThat(secret.bearer()).isEqualTo("Bearer marker-token");
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.test, https://hub.test",
        "https://hub.test/, https://hub.test",
        "https://hub.test/a/b/, https://hub.test/a/b",
        "https://hub.test:8443/a, https://hub.test:8443/a",
        "https://user:marker@hub.test/a?sig=marker#marker, https://hub.test/a",
        "http://[::1]:80/x?y, http://[::1]/x",
    })
    void anAddressForPeopleHasNoUserInfoQueryOrFragment(String url, String shown) {
        assertThat(Redact.url(HttpUrl.get(url))).isEqualTo(shown);
    }
}
