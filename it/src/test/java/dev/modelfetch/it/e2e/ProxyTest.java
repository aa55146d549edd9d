package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which requests travel through a proxy, and which do not. */
class ProxyTest {

    private static final String REPO = Samples.SMALL.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    private Proxy proxy;

    @BeforeEach
    void open() throws Exception {
        proxy = new Proxy();
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
    }

    @Test
    void aProxyForOneSourceIsThatSourcesAlone() throws Exception {
        Running.Ended ended = lab.program()
                .run("probe", REPO, "--proxy", "mirror=" + proxy.address(), "--json")
                .exits(0);

        String data = URI.create(lab.hubs().mirror().storage().endpoint()).getAuthority();
        assertThat(proxy.asked()).contains(authority("mirror")).isSubsetOf(authority("mirror"), data);
        assertThat(routes(ended)).containsEntry("huggingface", "direct").containsEntry("modelscope", "direct");
        assertThat(routes(ended).get("mirror"))
                .contains(URI.create(proxy.address()).getAuthority());
    }

    @Test
    void bytesTravelThroughItToo() throws Exception {
        Path path = lab.program()
                .run(REPO, "--source", "mirror", "--proxy", "mirror=" + proxy.address())
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.SMALL));
        String data = URI.create(lab.hubs().mirror().storage().endpoint()).getAuthority();
        assertThat(proxy.asked()).contains(authority("mirror"), data);
    }

    @Test
    void theEnvironmentsProxyCarriesWhatIsNotOnThisMachine() throws Exception {
        Path path = lab.away()
                .with("http_proxy", proxy.address())
                .run(REPO, "--source", "modelscope", "--endpoint", "modelscope=" + inTheOffice("modelscope"))
                .path();

        assertThat(Contents.of(path)).containsAllEntriesOf(Contents.of(Samples.SMALL));
        assertThat(proxy.asked())
                .isNotEmpty()
                .containsOnly(URI.create(inTheOffice("modelscope")).getAuthority());
    }

    @Test
    void aSourceCanBeTakenOutOfTheEnvironmentsProxy() throws Exception {
        Running.Ended ended = lab.away()
                .with("ALL_PROXY", proxy.address())
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .run(
                        "probe",
                        REPO,
                        "--source",
                        "mirror,modelscope",
                        "--proxy",
                        "modelscope=direct",
                        "--json",
                        "--endpoint",
                        "mirror=" + inTheOffice("mirror"),
                        "--endpoint",
                        "modelscope=" + inTheOffice("modelscope"));

        assertThat(proxy.asked())
                .isNotEmpty()
                .containsOnly(URI.create(inTheOffice("mirror")).getAuthority());
        assertThat(routes(ended))
                .containsEntry("modelscope", "direct")
                .containsEntry("mirror", "direct, " + proxy.address());
    }

    @Test
    void noProxyIsHonoured() throws Exception {
        Running.Ended ended = lab.away()
                .with("HTTP_PROXY", proxy.address())
                .with("ALL_PROXY", proxy.address())
                .with("NO_PROXY", "10.77.0.0/16,localhost")
                .with("HF_HUB_ETAG_TIMEOUT", "1")
                .run("probe", REPO, "--source", "mirror", "--endpoint", "mirror=" + inTheOffice("mirror"), "--json");

        assertThat(proxy.asked()).isEmpty();
        assertThat(routes(ended)).containsEntry("mirror", "direct");
    }

    @Test
    void thePasswordOfAProxyIsNotShown() throws Exception {
        String secret = proxy.address().replace("http://", "http://someone:proxyMarker@");

        Running.Ended ended = lab.program()
                .run(REPO, "--source", "mirror", "--proxy", "mirror=" + secret, "-v", "--json")
                .exits(0);

        assertThat(ended.out()).doesNotContain("proxyMarker");
        assertThat(ended.err()).doesNotContain("proxyMarker");
    }

    /** The same hub at an address that only the proxy can reach. */
    private String inTheOffice(String source) {
        return "http://10.77.0.1:"
                + URI.create(lab.hubs().endpoints().get(source)).getPort();
    }

    private String authority(String source) {
        return URI.create(lab.hubs().endpoints().get(source)).getAuthority();
    }

    private static Map<String, String> routes(Running.Ended ended) {
        return StreamSupport.stream(ended.json().getAsJsonArray("probes").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(
                        probe -> probe.get("source").getAsString(),
                        probe -> probe.get("route").getAsString(),
                        (one, other) -> one + ", " + other));
    }
}
