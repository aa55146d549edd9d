package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelfetch.FetchException;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule M1 of mirrors.md. */
class EndpointsTest {

    @ParameterizedTest
    @CsvSource({
        "https://hub.test, https://hub.test/",
        "https://hub.test/, https://hub.test/",
        "https://hub.test///, https://hub.test/",
        "'  https://hub.test \n', https://hub.test/",
        "HTTPS://Hub.Test, https://hub.test/",
        "hub.test, https://hub.test/",
        "hub.test:8443, https://hub.test:8443/",
        "https://hub.test:443, https://hub.test/",
        "hub.test/hf, https://hub.test/hf/",
        "https://hub.test/artifactory/api/hf/repo/, https://hub.test/artifactory/api/hf/repo/",
        "http://localhost:8090, http://localhost:8090/",
        "http://127.0.0.1:8090, http://127.0.0.1:8090/",
        "http://[::1]:8090, http://[::1]:8090/",
        "http://192.168.1.5:8090/, http://192.168.1.5:8090/",
        "http://mirror.lan, http://mirror.lan/",
        "http://olah:8090, http://olah:8090/",
    })
    void anAddressEndsInASlashSoThatRelativePathsKeepItsPrefix(String text, String expected) {
        assertThat(Endpoints.parse("--endpoint mirror", text)).hasToString(expected);
    }

    @Test
    void aPrefixSurvivesARelativePath() {
        assertThat(Endpoints.parse("e", "hub.test/hf").resolve("api/models/a/b"))
                .isEqualTo(HttpUrl.get("https://hub.test/hf/api/models/a/b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "///",
                "https://",
                "http://",
                "https:///",
                "://hub.test",
                "ftp://hub.test",
                "file:///etc/passwd",
                "https://hub test",
                "https://hub.test:99999",
                "https://user:marker@hub.test",
                "https://user@hub.test",
                "https://us er:marker@:x",
                "https://hub.test?token=marker",
                "https://hub.test/#marker",
                "http://hub.test?token=marker",
                "http://hub.test",
                "http://203.0.113.7",
            })
    void whatCannotBeUsedIsAUsageErrorThatNamesTheSettingButNoSecret(String text) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Endpoints.parse("--endpoint mirror", text))
                .withMessageContaining("--endpoint mirror")
                .withMessageNotContaining("marker")
                .satisfies(e -> assertThat(e.hint()).isNotBlank());
    }

    @Test
    void clearTextToAPublicHostIsRefusedWithTheReason() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Endpoints.parse("HF_MIRROR_ENDPOINT", "http://hub.test/"))
                .withMessageContaining("clear text")
                .satisfies(e -> assertThat(e.hint()).contains("https"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.test/a, https://hub.test/b?c, true",
        "https://hub.test, https://hub.test:443, true",
        "https://hub.test, https://HUB.test, true",
        "https://hub.test, http://hub.test, false",
        "https://hub.test, http://hub.test:443, false",
        "https://hub.test, https://hub.test:444, false",
        "https://hub.test, https://www.hub.test, false",
        "https://hub.test, https://hub.test.example, false",
    })
    void anOriginIsSchemeHostAndPort(HttpUrlText a, HttpUrlText b, boolean same) {
        assertThat(Endpoints.sameOrigin(a.url(), b.url())).isEqualTo(same);
        assertThat(Endpoints.sameOrigin(b.url(), a.url())).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.test, https://www.hub.test/x, true",
        "https://hub.test, https://hub.test, true",
        "https://hub.test, http://www.hub.test, false",
        "https://hub.test, https://www.hub.test:444, false",
        "https://hub.test, https://cdn.hub.test, false",
        "https://hub.test, https://wwwhub.test, false",
    })
    void aSiteIsAnOriginWithOrWithoutWww(HttpUrlText a, HttpUrlText b, boolean same) {
        assertThat(Endpoints.sameSite(a.url(), b.url())).isEqualTo(same);
        assertThat(Endpoints.sameSite(b.url(), a.url())).isEqualTo(same);
    }

    /** Lets a table hold addresses. */
    record HttpUrlText(HttpUrl url) {
        static HttpUrlText of(String text) {
            return new HttpUrlText(HttpUrl.get(text));
        }
    }
}
