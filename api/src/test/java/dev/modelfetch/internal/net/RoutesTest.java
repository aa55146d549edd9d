package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.ProxyPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mirrors.md 5.1, 5.3 and 5.4. */
class RoutesTest {

    private static final HttpUrl HUB = HttpUrl.get("https://hub.test");

    private final ProxySelector jvm = ProxySelector.getDefault();

    @BeforeEach
    void forgetTheProxyOfThisMachine() {
        ProxySelector.setDefault(null);
    }

    @AfterEach
    void restore() {
        ProxySelector.setDefault(jvm);
    }

    private static Map<String, String> environment(String settings) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String setting : settings.split(" ")) {
            if (setting.contains("=")) {
                environment.put(
                        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
            }
        }
        return environment;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // environment                                        | address            | route           | because
                "-                                                    | https://hub.test   | direct          | default",
                "https_proxy=http://a:1                               | https://hub.test   | http://a:1      | https_proxy",
                "HTTPS_PROXY=http://a:1                               | https://hub.test   | http://a:1      | HTTPS_PROXY",
                "https_proxy=http://a:1 HTTPS_PROXY=http://b:2        | https://hub.test   | http://a:1      | https_proxy",
                "https_proxy= HTTPS_PROXY=http://b:2                  | https://hub.test   | direct          | https_proxy",
                "https_proxy= all_proxy=http://b:2                    | https://hub.test   | direct          | https_proxy",
                "HTTPS_PROXY= ALL_PROXY=http://b:2                    | https://hub.test   | direct          | HTTPS_PROXY",
                "HTTPS_PROXY=http://a:1 all_proxy=http://b:2          | https://hub.test   | http://a:1      | HTTPS_PROXY",
                "all_proxy=http://b:2                                 | https://hub.test   | http://b:2      | all_proxy",
                "ALL_PROXY=http://b:2                                 | https://hub.test   | http://b:2      | ALL_PROXY",
                "all_proxy=http://a:1 ALL_PROXY=http://b:2            | https://hub.test   | http://a:1      | all_proxy",
                "http_proxy=http://a:1                                | https://hub.test   | direct          | default",
                "HTTP_PROXY=http://a:1                                | https://hub.test   | direct          | default",
                "https_proxy=http://a:1                               | http://hub.test    | direct          | default",
                "http_proxy=http://a:1                                | http://hub.test    | http://a:1      | http_proxy",
                "HTTP_PROXY=http://a:1                                | http://hub.test    | http://a:1      | HTTP_PROXY",
                "http_proxy=http://a:1 HTTP_PROXY=http://b:2          | http://hub.test    | http://a:1      | http_proxy",
                "http_proxy= HTTP_PROXY=http://b:2                    | http://hub.test    | direct          | http_proxy",
                "http_proxy=http://a:1 all_proxy=http://b:2           | https://hub.test   | http://b:2      | all_proxy",
                // A CGI program gets HTTP_PROXY from whoever sends it a Proxy header.
                "REQUEST_METHOD=GET HTTP_PROXY=http://a:1             | http://hub.test    | direct          | default",
                "REQUEST_METHOD=GET http_proxy=http://a:1             | http://hub.test    | http://a:1      | http_proxy",
                "REQUEST_METHOD=GET HTTPS_PROXY=http://a:1            | https://hub.test   | http://a:1      | HTTPS_PROXY",
                "REQUEST_METHOD=GET HTTP_PROXY=http://a:1 ALL_PROXY=http://b:2 | http://hub.test | http://b:2 | ALL_PROXY",
                // Spellings.
                "https_proxy=a:1                                      | https://hub.test   | http://a:1      | https_proxy",
                "https_proxy=a                                        | https://hub.test   | http://a:80     | https_proxy",
                "https_proxy=HTTP://A:1/                              | https://hub.test   | http://a:1      | https_proxy",
                "https_proxy=direct                                   | https://hub.test   | direct          | https_proxy",
                "https_proxy=http://[::1]:7890                        | https://hub.test   | http://[::1]:7890 | https_proxy",
                "all_proxy=socks5://a:1                               | https://hub.test   | socks5://a:1    | all_proxy",
                "all_proxy=socks5h://a:1                              | https://hub.test   | socks5://a:1    | all_proxy",
                "all_proxy=socks://a                                  | https://hub.test   | socks5://a:1080 | all_proxy",
                "all_proxy=socks4://a:1                               | https://hub.test   | socks4://a:1    | all_proxy",
                "all_proxy=socks4a://someone@a:1                      | https://hub.test   | socks4://a:1    | all_proxy",
                "all_proxy=socks5://me:marker@a:1                     | https://hub.test   | socks5://a:1    | all_proxy",
                "all_proxy=socks5://[::1]                             | https://hub.test   | socks5://[::1]:1080 | all_proxy",
                // Exemptions.
                "https_proxy=http://a:1 no_proxy=hub.test             | https://hub.test   | direct          | no_proxy",
                "https_proxy=http://a:1 NO_PROXY=hub.test             | https://hub.test   | direct          | no_proxy",
                "https_proxy=http://a:1 no_proxy=x NO_PROXY=hub.test  | https://hub.test   | http://a:1      | https_proxy",
                "https_proxy=http://a:1 no_proxy= NO_PROXY=hub.test   | https://hub.test   | http://a:1      | https_proxy",
                "https_proxy=http://a:1 no_proxy=10.0.0.0/8           | https://10.1.1.1   | direct          | no_proxy",
                "https_proxy=http://a:1 no_proxy=hub.test             | https://cdn.test   | http://a:1      | https_proxy",
                "all_proxy=http://a:1                                 | https://localhost  | direct          | loopback",
                "all_proxy=http://a:1                                 | http://127.0.0.1:9 | direct          | loopback",
                "all_proxy=http://a:1                                 | http://[::1]:9     | direct          | loopback",
                "all_proxy=http://a:1                                 | http://10.0.0.1    | http://a:1      | all_proxy",
            })
    void theEnvironmentDecidesByScheme(String environment, String address, String route, String because) {
        Routes routes = new Routes(Map.of(), environment(environment));
        HttpUrl url = HttpUrl.get(address);

        assertThat(routes.route("hub", url).because()).isEqualTo(because);
        assertThat(routes.describe("hub", url)).isEqualTo(route);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://hub.test", "http://hub.test", "http://127.0.0.1:9", "https://exempt.test"})
    void aRouteFixedForASourceBeatsEverything(String address) {
        Map<String, String> environment =
                Map.of("https_proxy", "http://a:1", "http_proxy", "http://a:1", "no_proxy", "exempt.test");
        Routes routes = new Routes(Map.of("hub", "http://b:2", "mirror", "direct", "ms", "none"), environment);
        HttpUrl url = HttpUrl.get(address);

        assertThat(routes.describe("hub", url)).isEqualTo("http://b:2");
        assertThat(routes.route("hub", url).because()).isEqualTo("--proxy hub");
        assertThat(routes.describe("mirror", url)).isEqualTo("direct");
        assertThat(routes.describe("ms", url)).isEqualTo("direct");
    }

    @Test
    void aRouteFixedForOneSourceLeavesTheOthersAlone() {
        Routes routes = new Routes(Map.of("hub", "http://b:2"), Map.of("https_proxy", "http://a:1"));

        assertThat(routes.describe("mirror", HttpUrl.get("https://hub.test"))).isEqualTo("http://a:1");
    }

    @Test
    void everyAddressIsDecidedAnew() {
        ProxySelector selector = new Routes(Map.of(), Map.of("https_proxy", "a:1", "no_proxy", "hub.test"))
                .asSet("hub", HUB)
                .selector();

        assertThat(selector.select(URI.create("https://hub.test/x"))).containsExactly(Proxy.NO_PROXY);
        assertThat(selector.select(URI.create("https://cdn.example/x?y=%20")))
                .containsExactly(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("a", 1)));
    }

    @Test
    void withoutASettingTheEmbeddingProgramsSelectorDecides() {
        List<URI> asked = new ArrayList<>();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("jvm.test", 3128)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                throw new AssertionError("not asked for");
            }
        });
        HttpUrl url = HttpUrl.get("https://hub.test/x");

        assertThat(new Routes(Map.of(), Map.of()).asSet("hub", url).selector().select(url.uri()))
                .containsExactly(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("jvm.test", 3128)));
        assertThat(new Routes(Map.of(), Map.of()).describe("hub", url)).isEqualTo("http://jvm.test:3128");
        assertThat(new Routes(Map.of(), Map.of()).route("hub", url).because()).isEqualTo("system properties");
        assertThat(asked).containsOnly(url.uri());
        asked.clear();
        assertThat(new Routes(Map.of(), Map.of("https_proxy", "")).describe("hub", url))
                .isEqualTo("direct");
        assertThat(new Routes(Map.of("hub", "a:1"), Map.of()).describe("hub", url))
                .isEqualTo("http://a:1");
        assertThat(new Routes(Map.of(), Map.of()).describe("hub", HttpUrl.get("http://localhost")))
                .isEqualTo("direct");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:pass@a:1, user, pass",
        "user:pass@a:1, user, pass",
        "http://user@a:1, user, ''",
        "http://DOMAIN\\user:pw@a:1, DOMAIN\\user, pw",
        "http://user:p@ss@a:1, user, p@ss",
        "http://us%40er:p%3A%2F%20%25%E6%A8%A1@a:1, us@er, p:/ %模",
    })
    void proxyCredentialsArePercentDecodedAndNeverDescribed(String proxy, String user, String password) {
        Routes routes = new Routes(Map.of("hub", proxy), Map.of());
        Routes.Route route = routes.route("hub", HttpUrl.get("https://hub.test"));

        assertThat(route.credential()).isEqualTo(Credentials.basic(user, password, StandardCharsets.UTF_8));
        assertThat(routes.describe("hub", HttpUrl.get("https://hub.test"))).isEqualTo("http://a:1");
        assertThat(route.because()).isEqualTo("--proxy hub");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy.test:443",
                "https://user:marker@proxy.test",
                "socks4://user:marker@a:1",
                "ftp://user:marker@a:1",
                "http://user:marker@:1",
                "http://",
                "http://a:99999",
                "http://user:mar/ker@a:1",
                "http://user:12/marker@a:1",
                "http://user:12#marker@a:1",
                "http://user:1?marker@a:1",
                "http://a:1/marker",
                "http://a\\marker:1",
                "a b",
            })
    void aProxyThatCannotBeUsedIsAUsageErrorThatNamesTheSettingButNoSecret(String proxy) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> new Routes(Map.of("mirror", proxy), Map.of()).describe("mirror", HUB))
                .withMessageContaining("--proxy mirror")
                .withMessageNotContaining("marker")
                .satisfies(e -> assertThat(e.hint()).isNotBlank().doesNotContain("marker"));
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> new Routes(Map.of(), Map.of("ALL_PROXY", proxy)).describe("mirror", HUB))
                .withMessageContaining("ALL_PROXY")
                .withMessageNotContaining("marker");
    }

    @Test
    void theUpperCaseVariableOfACgiRequestIsNotEvenRead() {
        Routes routes = new Routes(Map.of(), Map.of("REQUEST_METHOD", "GET", "HTTP_PROXY", "https://evil.test"));

        assertThat(routes.describe("hub", HttpUrl.get("http://hub.test"))).isEqualTo("direct");
    }

    @Test
    void aRouteThatIsChangedUnderwayIsTakenByTheNextConnection() {
        AtomicReference<String> hub = new AtomicReference<>("http://old.test:1");
        Routes routes = new Routes(
                () -> Map.of("hub", new Setting(hub.get(), "hub's")),
                Map.of(),
                java.util.Optional.empty(),
                ProxyPolicy.DIRECT_FIRST);
        HttpUrl url = HttpUrl.get("https://hub.test/");
        assertThat(routes.describe("hub", url)).isEqualTo("http://old.test:1");

        hub.set("socks5://new.test:2");
        assertThat(routes.describe("hub", url)).isEqualTo("socks5://new.test:2");
        hub.set("direct");
        assertThat(routes.describe("hub", url)).isEqualTo("direct");
    }
}
