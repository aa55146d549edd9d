package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.modelfetch.testing.hub.Outage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A proxy in the environment is taken to cost money: what is to be had without it does not travel by it. */
class ProxyPolicyTest {

    private static final String REPO = Samples.LARGE.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.LARGE);

    @TempDir
    Path files;

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
    void whatIsReachedDirectlyDoesNotTravelByTheProxy() throws Exception {
        JsonObject result = nearby().run(arguments(REPO, "--json")).exits(0).json();

        assertThat(Contents.of(Path.of(result.get("path").getAsString())))
                .containsAllEntriesOf(Contents.of(Samples.LARGE));
        // A hub that hesitates may be asked by the proxy as well; of 24 MB nothing comes that way.
        assertThat(proxy.brought()).isLessThan(100_000);
    }

    @Test
    void alwaysMeansAlways() throws Exception {
        Path path = nearby().run(arguments(REPO, "--proxy-policy", "always", "--source", "mirror"))
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(proxy.asked()).contains("mirror.hubs.lan:" + port("mirror"));
    }

    @Test
    void proxyFirstMeansFirst() throws Exception {
        nearby().run(arguments(REPO, "--proxy-policy", "proxy-first", "--source", "mirror"))
                .exits(0);

        assertThat(proxy.asked()).contains("mirror.hubs.lan:" + port("mirror"));
    }

    @Test
    void proxyFirstDoesWithoutOneThatIsDead() throws Exception {
        proxy.close();

        Path path = nearby().run(arguments(REPO, "--proxy-policy", "proxy-first", "--source", "mirror"))
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
    }

    @Test
    void neverMeansNever() throws Exception {
        lab.hubs().mirror().away(Outage.refused());

        nearby().run(arguments(REPO, "--proxy-policy", "never", "--source", "mirror", "--give-up-after", "0"))
                .exits(5);

        assertThat(proxy.asked()).isEmpty();
    }

    @Test
    void theConfigurationFileMaySayIt() throws Exception {
        nearby().configured("{\"proxyPolicy\": \"always\"}")
                .run(arguments(REPO, "--source", "mirror"))
                .exits(0);

        assertThat(proxy.asked()).contains("mirror.hubs.lan:" + port("mirror"));
    }

    @Test
    void whereOnlyTheProxyLeadsOutItIsUsed() throws Exception {
        // Names that only the proxy can look up.
        Path path = lab.away()
                .with("ALL_PROXY", proxy.address())
                .run(arguments(REPO, "--source", "mirror,modelscope"))
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.LARGE));
        assertThat(proxy.asked()).contains("mirror.hubs.lan:" + port("mirror"));
    }

    @Test
    void theNextRunDoesNotTryWhatDidNotWork() throws Exception {
        Program program = lab.away().with("ALL_PROXY", proxy.address());
        program.run(arguments(REPO, "--source", "mirror,modelscope")).exits(0);

        JsonObject plan = program.run(arguments("ls", REPO, "--json")).exits(0).json();

        assertThat(plan.getAsJsonArray("probes"))
                .anySatisfy(probe -> assertThat(
                                probe.getAsJsonObject().get("verdict").getAsString())
                        .isEqualTo("usable"));
    }

    @Test
    void theDoctorLooksAtBothWays() throws Exception {
        String page = nearby().run(arguments("doctor")).exits(0).out();

        assertThat(page).contains("direct").contains(proxy.address());
    }

    @Test
    void aProxyThatCannotBeReadStopsNobodyWhoGoesDirectly() throws Exception {
        nearby().with("ALL_PROXY", "gopher://nowhere")
                .run(arguments(REPO, "--source", "mirror"))
                .exits(0);
    }

    @Test
    void anOddPolicyIsRefused() throws Exception {
        assertThat(lab.program()
                        .run(REPO, "--proxy-policy", "sometimes")
                        .exits(2)
                        .err())
                .contains("direct-first", "proxy-first", "always", "never");
    }

    /** The hubs have names that lead to this machine, and a proxy is set. */
    private Program nearby() throws Exception {
        Path hosts = files.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 huggingface.hubs.lan mirror.hubs.lan modelscope.hubs.lan\n");
        return lab.away()
                .with("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + hosts)
                .with("ALL_PROXY", proxy.address());
    }

    private String[] arguments(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        lab.hubs()
                .endpoints()
                .keySet()
                .forEach(source ->
                        all.addAll(List.of("--endpoint", source + "=http://" + source + ".hubs.lan:" + port(source))));
        return all.toArray(new String[0]);
    }

    private int port(String source) {
        return URI.create(lab.hubs().endpoints().get(source)).getPort();
    }
}
