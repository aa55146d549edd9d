package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be meant ends at once: status 2, one clear sentence, nothing asked, nothing written. */
class UsageErrorTest {

    private static final String REPO = Samples.SMALL.id();

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    static Stream<List<String>> nonsense() {
        return Stream.of(
                List.of("a/b/c"),
                List.of("acme-lab/../etc"),
                List.of("https://example.org/acme-lab/tiny"),
                List.of(REPO, "--source", "huggingfaec"),
                List.of(REPO, "--source", "auto,mirror"),
                List.of(REPO, "--dataset", "--repo-type", "space"),
                List.of(REPO, "--repo-type", "paper"),
                List.of(REPO, "--local-dir", "here", "--cache-dir", "there"),
                List.of(REPO, "--force", "--offline"),
                List.of(REPO, "--dry-run", "--lock", "x.lock"),
                List.of(REPO, "--endpoint", "mirror=ftp://somewhere"),
                List.of(REPO, "--endpoint", "mirror=http://example.org"),
                List.of(REPO, "--endpoint", "nobody=https://example.org"),
                List.of(REPO, "--proxy", "mirror=telnet://example.org"),
                List.of(REPO, "--weights", "pickle"),
                List.of(REPO, "--weights", "best", "--gguf", "Q4_K_M"),
                List.of(REPO, "--gguf", "*"),
                List.of(REPO, "--limit-rate", "fast"),
                List.of(REPO, "--max-workers", "0"),
                List.of(REPO, "--token-file", "no-such-file"),
                List.of(REPO, "--locked", "no-such-file"),
                List.of(REPO, "--frobnicate"));
    }

    @Test
    void whoeverTypesNothingIsToldWhatThereIsToType() throws Exception {
        Running.Ended ended = lab.away().run().exits(2);

        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("fetch Qwen/", "fetch --help");
        assertThat(ended.err().lines().count()).isLessThanOrEqualTo(8);
        assertNothingHappened();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void isRefusedBeforeAnythingHappens(List<String> arguments) throws Exception {
        Running.Ended ended =
                lab.program().run(arguments.toArray(new String[0])).exits(2);

        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isNotBlank().doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(ended.err().lines().count()).isLessThanOrEqualTo(3);
        assertNothingHappened();
    }

    @Test
    void aBadValueIsRefusedEvenWhereTheRunWouldNotComeToUseIt() throws Exception {
        lab.program().run(REPO, "--source", "hf").exits(0);
        int visits = lab.ledger().visits().size();

        for (List<String> option : List.of(
                List.of("--endpoint", "mirror=ftp://somewhere"),
                List.of("--endpoint", "modelscope=http://example.org"),
                List.of("--proxy", "mirror=telnet://example.org"),
                List.of("--token", "not a token"),
                List.of("--limit-rate", "0"),
                List.of("--max-workers", "65"),
                List.of("--repo-type", "paper"),
                List.of("--revision", " "),
                List.of("--locked", "no-such-file"))) {
            Running.Ended ended = lab.program()
                    .run(Stream.of(List.of(REPO, "--source", "hf", "--offline"), option)
                            .flatMap(List::stream)
                            .toArray(String[]::new))
                    .exits(2);

            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).startsWith("Usage error: ");
        }
        assertThat(lab.ledger().visits()).hasSize(visits);
    }

    @Test
    void theMessageNamesWhatIsNearestToAMisspeltSource() throws Exception {
        Running.Ended ended =
                lab.program().run(REPO, "--source", "huggingfaec", "--json").exits(2);

        assertThat(ended.error().get("message").getAsString())
                .contains("huggingfaec")
                .contains("huggingface");
        assertThat(ended.error().get("kind").getAsString()).isEqualTo("usage");
    }

    @Test
    void anUnreadableConfigurationIsNamedWithAllItsMistakes() throws Exception {
        Running.Ended ended = lab.program()
                .configured("{\"v\": 1, \"endpoint\": {}, \"maxWorkers\": 0}")
                .run(REPO, "--json")
                .exits(2);

        assertThat(ended.error().get("message").getAsString())
                .contains("config.json")
                .contains("endpoint")
                .contains("maxWorkers");
        lab.program().configured("{").run(REPO).exits(2);
        assertThat(lab.filesAtHome()).containsExactly("config/modelfetch/config.json");
    }

    private void assertNothingHappened() throws Exception {
        assertThat(lab.ledger().visits()).isEmpty();
        assertThat(lab.filesAtHome()).isEmpty();
    }
}
