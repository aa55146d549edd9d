package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables people already have in their shell (contract, section 4). */
class EnvironmentTest {

    private static final String REPO = Samples.SMALL.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    @Test
    void hfEndpointElsewhereIsTheMirrorAndLeavesTheOriginOut() throws Exception {
        Path path = lab.away()
                .with("HF_ENDPOINT", lab.hubs().mirror().endpoint())
                .with("MODELSCOPE_ENDPOINT", lab.hubs().modelScope().endpoint())
                .run(REPO, "--source", "mirror")
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.SMALL));
        assertOnly("mirror");
    }

    @Test
    void hfEndpointLeavesNothingForTheOriginInTheAutomaticChoice() throws Exception {
        Running.Ended ended = lab.away()
                .with("HF_ENDPOINT", lab.hubs().mirror().endpoint() + "/")
                .with("MODELSCOPE_ENDPOINT", lab.hubs().modelScope().endpoint())
                .run(REPO, "--json")
                .exits(0);

        assertThat(ended.json().getAsJsonArray("probes"))
                .noneMatch(probe ->
                        probe.getAsJsonObject().get("source").getAsString().equals("huggingface"));
    }

    @ParameterizedTest
    @CsvSource({"HF_TOKEN, bad token", "HF_ENDPOINT, http://\u2026", "HF_HUB_DOWNLOAD_TIMEOUT, abc", "HTTPS_PROXY, a b"
    })
    void whatNobodyNeedsStopsNobody(String variable, String value) throws Exception {
        lab.program().run(REPO, "--source", "modelscope").path();

        lab.away().with(variable, value).run("verify", REPO).exits(0);
        lab.away().with(variable, value).run(REPO, "--offline").exits(0);
    }

    @Test
    void hfMirrorEndpointWinsOverHfEndpoint() throws Exception {
        lab.away()
                .with("HF_ENDPOINT", "http://127.0.0.1:9")
                .with("HF_MIRROR_ENDPOINT", lab.hubs().mirror().endpoint())
                .run(REPO, "--source", "hf-mirror")
                .path();

        assertOnly("mirror");
    }

    @Test
    void modelScopeEndpointIsModelScopes() throws Exception {
        lab.away()
                .with("MODELSCOPE_ENDPOINT", lab.hubs().modelScope().endpoint())
                .run(REPO, "--source", "ms")
                .path();

        assertOnly("modelscope");
    }

    @Test
    void anOptionWinsOverTheEnvironmentAndTheEnvironmentOverTheConfiguration() throws Exception {
        lab.away()
                .configured("{\"v\": 1, \"endpoints\": {\"mirror\": \"http://127.0.0.1:9\"}}")
                .with("HF_ENDPOINT", lab.hubs().mirror().endpoint())
                .run(REPO, "--source", "mirror")
                .path();
        lab.away()
                .with("HF_ENDPOINT", "http://127.0.0.1:9")
                .run(
                        REPO,
                        "--source",
                        "mirror",
                        "--endpoint",
                        "mirror=" + lab.hubs().mirror().endpoint())
                .path();

        assertOnly("mirror");
    }

    @Test
    void anEndpointMayHaveAPathPrefix() throws Exception {
        lab.hubs().mirror().server().alsoUnder("/artifactory/hub");

        Path path = lab.away()
                .with("HF_MIRROR_ENDPOINT", lab.hubs().mirror().endpoint() + "/artifactory/hub/")
                .run(REPO, "--source", "mirror")
                .path();

        assertThat(Contents.of(path)).isEqualTo(Contents.of(Samples.SMALL));
        assertThat(lab.ledger().visits("mirror"))
                .allMatch(visit -> visit.request().target().raw().startsWith("/artifactory/hub/"));
    }

    @Test
    void hfHubCacheIsWhereThingsGo() throws Exception {
        Path other = lab.home().resolve("other cache");

        assertThat(lab.program().with("HF_HUB_CACHE", other).run(REPO).path()).startsWith(other);
        assertThat(lab.cache()).doesNotExist();
    }

    @Test
    void cacheDirWinsOverAll() throws Exception {
        Path other = lab.home().resolve("mine");

        Path path = lab.program()
                .with("HF_HUB_CACHE", lab.home().resolve("theirs"))
                .run(REPO, "--cache-dir", other.toString())
                .path();

        assertThat(path).startsWith(other);
    }

    @Test
    void symlinksCanBeTurnedOff() throws Exception {
        Path path = lab.program()
                .with("HF_HUB_DISABLE_SYMLINKS", "1")
                .run(REPO, "config.json")
                .path();

        assertThat(path).isRegularFile().isNotEmptyFile();
        assertThat(Files.isSymbolicLink(path)).isFalse();
    }

    @Test
    void anUnreadableTimeoutIsAUsageError() throws Exception {
        Running.Ended ended = lab.program()
                .with("HF_HUB_DOWNLOAD_TIMEOUT", "soon")
                .run(REPO, "--json")
                .exits(2);

        assertThat(ended.error().get("message").getAsString()).contains("HF_HUB_DOWNLOAD_TIMEOUT");
    }

    @Test
    void messagesAreChineseUnderAChineseLocale() throws Exception {
        Running.Ended ended = lab.program()
                .with("LC_ALL", "")
                .with("LANG", "zh_CN.UTF-8")
                .run("acme-lab/nowhere")
                .exits(3);

        assertThat(ended.err()).matches("(?s).*\\p{IsHan}.*");
    }

    private void assertOnly(String source) {
        assertThat(lab.ledger().visits())
                .isNotEmpty()
                .allMatch(visit -> visit.host().startsWith(source));
    }
}
