package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.ProxyPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** By which lines a source is tried, and what travels by each. */
class LineTest {

    private static final HttpUrl HUB = HttpUrl.get("https://hub.test/");
    private static final HttpUrl DATA = HttpUrl.get("https://cdn.test/x");
    private static final Map<String, String> PROXY = Map.of("https_proxy", "http://clash:7890");

    @ParameterizedTest
    @EnumSource(ProxyPolicy.class)
    void withoutAProxyThereIsOneLine(ProxyPolicy policy) {
        assertThat(lines(Map.of(), policy)).singleElement().satisfies(line -> {
            assertThat(line.text()).isEqualTo("direct");
            assertThat(line.cost()).isZero();
            assertThat(line.role()).isEqualTo(Line.Role.FIRST);
        });
    }

    @Test
    void directComesFirstThenOnlyTheQuestionsThenAll() {
        List<Line> lines = lines(PROXY, ProxyPolicy.DIRECT_FIRST);

        assertThat(lines).extracting(Line::role).containsExactly(Line.Role.FIRST, Line.Role.ALTERNATE, Line.Role.SPARE);
        assertThat(lines).extracting(Line::text).containsExactly("direct", "http://clash:7890", "http://clash:7890");
        assertThat(lines)
                .extracting(line -> line.textFor("cdn.test"))
                .containsExactly("direct", "direct", "http://clash:7890");
        assertThat(lines).extracting(Line::cost).containsExactly(0, 1, 2);
        assertThat(lines).extracting(Line::key).doesNotHaveDuplicates();
        assertThat(lines.get(1).route(HUB).isProxied()).isTrue();
        assertThat(lines.get(1).route(DATA).isProxied()).isFalse();
        assertThat(lines.get(0).route(HUB).isProxied()).isFalse();
    }

    @Test
    void proxyFirstGoesDirectlyInReserveAndTakesNoLineForExpensive() {
        List<Line> lines = lines(PROXY, ProxyPolicy.PROXY_FIRST);

        assertThat(lines).extracting(Line::text).containsExactly("http://clash:7890", "direct");
        assertThat(lines).extracting(Line::role).containsExactly(Line.Role.FIRST, Line.Role.ALTERNATE);
        assertThat(lines).allMatch(line -> line.cost() == 0);
    }

    @Test
    void alwaysAndNeverAreMeant() {
        assertThat(lines(PROXY, ProxyPolicy.ALWAYS)).extracting(Line::text).containsExactly("http://clash:7890");
        assertThat(lines(PROXY, ProxyPolicy.NEVER)).singleElement().satisfies(line -> {
            assertThat(line.text()).isEqualTo("direct");
            assertThat(line.textFor("cdn.test")).isEqualTo("direct");
        });
    }

    @ParameterizedTest
    @EnumSource(ProxyPolicy.class)
    void whatIsFixedForASourceIsNotSecondGuessed(ProxyPolicy policy) {
        Map<String, Setting> fixed = Map.of("hub", new Setting("http://mine:1", "--proxy hub"));
        Routes routes = new Routes(() -> fixed, PROXY, Optional.empty(), policy);

        assertThat(routes.lines("hub", HUB)).singleElement().satisfies(line -> {
            assertThat(line.text()).isEqualTo("http://mine:1");
            assertThat(line.textFor("cdn.test")).isEqualTo("http://mine:1");
        });
    }

    @Test
    void ofAnExemptHubOnlyTheBytesMayNeedTheProxy() {
        Map<String, String> environment = Map.of("https_proxy", "http://clash:7890", "no_proxy", "hub.test");

        List<Line> lines = lines(environment, ProxyPolicy.DIRECT_FIRST);

        assertThat(lines).extracting(Line::role).containsExactly(Line.Role.FIRST, Line.Role.SPARE);
        assertThat(lines).extracting(Line::text).containsExactly("direct", "direct");
        assertThat(lines).extracting(line -> line.textFor("cdn.test")).containsExactly("direct", "http://clash:7890");
        assertThat(lines).extracting(Line::cost).containsExactly(0, 2);
    }

    @Test
    void loopbackHasOneLine() {
        Routes routes = new Routes(() -> Map.of(), PROXY, Optional.empty(), ProxyPolicy.DIRECT_FIRST);

        assertThat(routes.lines("hub", HttpUrl.get("http://127.0.0.1:9/"))).hasSize(1);
    }

    @Test
    void aProxyThatCannotBeReadStopsNobodyWhoGoesAnotherWay() {
        Map<String, String> odd = Map.of("https_proxy", "gopher://x");

        assertThat(lines(odd, ProxyPolicy.DIRECT_FIRST).get(0).text()).isEqualTo("direct");
        assertThat(lines(odd, ProxyPolicy.NEVER)).extracting(Line::text).containsExactly("direct");
    }

    @Test
    void whereAllIsToTravelByItItIsSaid() {
        assertThatThrownBy(() -> lines(Map.of("https_proxy", "gopher://x"), ProxyPolicy.ALWAYS))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("https_proxy");
    }

    private static List<Line> lines(Map<String, String> environment, ProxyPolicy policy) {
        return new Routes(() -> Map.of(), environment, Optional.empty(), policy).lines("hub", HUB);
    }
}
