package dev.modelfetch.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.config.Transport;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.QuietLog;
import dev.modelfetch.spi.ModelSourceProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

    private static final Repo COMMON = FakeSource.REPO;
    private static final Repo SCOPE_ONLY = new Repo(RepoType.MODEL, "demo-lab/tiny-gpt", "modelscope");

    private final Map<String, String> endpoints = new LinkedHashMap<>();
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final Map<String, String> proxies = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final ClassLoader usual = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path folder;

    @AfterEach
    void usualLoader() {
        Thread.currentThread().setContextClassLoader(usual);
    }

    @Test
    void theOriginStartsFirstOrInMainlandChinaLast() {
        ModelSourceProvider[] three = {FakeProvider.modelscope(), FakeProvider.mirror(), FakeProvider.huggingface()};

        assertThat(ids(sources(three).allowed(SourceChoice.auto(), COMMON)))
                .containsExactly("huggingface", "mirror", "modelscope");
        environment.put("LANG", "zh_CN.UTF-8");
        assertThat(ids(sources(three).allowed(SourceChoice.auto(), COMMON)))
                .containsExactly("modelscope", "mirror", "huggingface");
    }

    @Test
    void aChoiceIsAWallAndKeepsItsOrder() {
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror(), FakeProvider.modelscope());

        assertThat(ids(sources.allowed(SourceChoice.only("ms", "hf-mirror"), COMMON)))
                .containsExactly("modelscope", "mirror");
    }

    @Test
    void aRouteForASourceThatDoesNotExistIsNotIgnored() {
        proxies.put("miror", "direct");

        assertThatThrownBy(() -> sources(FakeProvider.huggingface(), FakeProvider.mirror()))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("There is no source \"miror\", did you mean \"mirror\"?");
    }

    @ParameterizedTest
    @CsvSource({
        "MODELSCOPE_ENDPOINT, http://hub.example.org, MODELSCOPE_ENDPOINT",
        "MODELSCOPE_ENDPOINT, ftp://hub, MODELSCOPE_ENDPOINT",
        "MODELSCOPE_API_TOKEN, two words, MODELSCOPE_API_TOKEN",
    })
    void aSettingThatCannotBeUsedStopsOnlyWhoNeedsIt(String variable, String value, String named) {
        environment.put(variable, value);
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror(), FakeProvider.modelscope());

        assertThat(ids(sources.allowed(SourceChoice.only("mirror", "huggingface"), COMMON)))
                .containsExactly("mirror", "huggingface");
        for (SourceChoice choice : List.of(SourceChoice.auto(), SourceChoice.only("modelscope"))) {
            assertThatThrownBy(() -> sources.allowed(choice, COMMON))
                    .isInstanceOf(FetchException.Usage.class)
                    .hasMessageContaining(named)
                    .hasMessageNotContaining("two words");
        }
    }

    @Test
    void aProxyThatCannotBeReadIsNoMatterToWhoGoesAnotherWay() {
        environment.put("HTTPS_PROXY", "http://user:mar/ker@a:1");
        proxies.put("mirror", "direct");
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror());

        assertThat(ids(sources.allowed(SourceChoice.only("mirror"), COMMON))).containsExactly("mirror");
        assertThat(sources.allowed(SourceChoice.only("huggingface"), COMMON)
                        .get(0)
                        .route())
                .isEqualTo("direct");
    }

    @Test
    void twoNamesOfOneSourceAreOneSource() {
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror());

        assertThat(ids(sources.allowed(SourceChoice.only("hf", "huggingface"), COMMON)))
                .containsExactly("huggingface");
    }

    @Test
    void anUnknownNameIsMetWithTheNearestKnownOne() {
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror(), FakeProvider.modelscope());

        assertThatThrownBy(() -> sources.allowed(SourceChoice.only("modelscop"), COMMON))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("There is no source \"modelscop\", did you mean \"modelscope\"?");
        assertThatThrownBy(() -> sources.allowed(SourceChoice.only("ollama-registry"), COMMON))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageNotContaining("did you mean")
                .satisfies(e -> assertThat(((FetchException) e).hint())
                        .contains("auto")
                        .contains("huggingface")
                        .contains("modelscope"));
    }

    @Test
    void anIdInOneCataloguesSpellingIsOnlyLookedUpThere() {
        Sources sources = sources(FakeProvider.huggingface(), FakeProvider.mirror(), FakeProvider.modelscope());

        assertThat(ids(sources.allowed(SourceChoice.auto(), SCOPE_ONLY))).containsExactly("modelscope");
        assertThatThrownBy(() -> sources.allowed(SourceChoice.only("mirror"), SCOPE_ONLY))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("modelscope")
                .hasMessageContaining("mirror");
    }

    @Test
    void withoutAnySourceTheErrorSaysSo() {
        assertThatThrownBy(() -> sources().allowed(SourceChoice.auto(), COMMON))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("No source is available");
    }

    @Test
    void twoSourcesWithOneIdAreRefusedNamingBothPlaces() {
        class Rival implements ModelSourceProvider {
            @Override
            public String id() {
                return "mirror";
            }

            @Override
            public String defaultEndpoint() {
                return "https://rival.test";
            }

            @Override
            public FakeSource create(dev.modelfetch.spi.SourceContext context) {
                return FakeSource.mirror(context.url());
            }
        }

        assertThatThrownBy(() -> sources(FakeProvider.mirror(), new Rival()))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"mirror\"")
                .hasMessageContaining(FakeProvider.class.getName() + " in ")
                .hasMessageContaining(Rival.class.getName() + " in ");
    }

    @Test
    void aSettingForASourceThatDoesNotExistIsRefused() {
        endpoints.put("mirrow", "https://hub.example.org");

        assertThatThrownBy(() -> sources(FakeProvider.mirror()))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"mirrow\", did you mean \"mirror\"?");
    }

    @Test
    void theEnvironmentMaySpeakOfAUsualSourceThatIsNotThere() {
        environment.put("MODELSCOPE_API_TOKEN", "ms_a");

        assertThat(ids(sources(FakeProvider.mirror()).allowed(SourceChoice.auto(), COMMON)))
                .containsExactly("mirror");
    }

    @Test
    void anEndpointReplacesTheProvidersOwnAndKeepsItsPrefix() {
        endpoints.put("hf-mirror", "https://hub.example.org/hf/");
        FakeProvider mirror = FakeProvider.mirror();
        FakeProvider origin = FakeProvider.huggingface();

        sources(mirror, origin);

        assertThat(mirror.context().endpoint().toString()).isEqualTo("https://hub.example.org/hf/");
        assertThat(origin.context().endpoint().toString()).isEqualTo("https://hub.test/");
    }

    @Test
    void anEndpointThatIsNoAddressNamesTheSource() {
        endpoints.put("mirror", "http://hub.example.org");

        assertThatThrownBy(() -> sources(FakeProvider.mirror()))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("endpoint of mirror")
                .hasMessageContaining("clear text");
    }

    @Test
    void onlyTheSourceWithATokenIsToldThatThereIsOne() {
        tokens.put("hf", "hf_a");
        FakeProvider origin = FakeProvider.huggingface();
        FakeProvider mirror = FakeProvider.mirror();

        Sources sources = sources(origin, mirror);

        assertThat(origin.context().hasToken()).isTrue();
        assertThat(mirror.context().hasToken()).isFalse();
        assertThat(sources.infos()).extracting(SourceInfo::hasToken).containsExactly(true, false);
    }

    @Test
    void anOptionUnderTheShortNameWinsOverALowerLayerUnderTheFullOne() {
        environment.put("HF_MIRROR_ENDPOINT", "https://env.example.org");
        endpoints.put("hf-mirror", "https://option.example.org");
        FakeProvider mirror = FakeProvider.mirror();

        sources(mirror);

        assertThat(mirror.context().endpoint().toString()).isEqualTo("https://option.example.org/");
    }

    @Test
    void aliasesReachTheirSourceUnderEitherName() {
        aliases.put("ms", Map.of("gpt2", "AI-ModelScope/gpt2"));
        FakeProvider scope = FakeProvider.modelscope();

        sources(scope);

        assertThat(scope.context().aliases()).isEqualTo(Map.of("gpt2", "AI-ModelScope/gpt2"));
    }

    @Test
    void everySourceIsDescribedWithoutSecrets() {
        tokens.put("huggingface", "hf_secret");

        List<SourceInfo> infos = sources(FakeProvider.huggingface()).infos();

        assertThat(infos)
                .containsExactly(new SourceInfo("huggingface", Set.of("hf"), "https://hub.test", "direct", true));
        assertThat(infos.toString()).doesNotContain("hf_secret");
    }

    @Test
    void aSourceIsNeverAskedForMoreConnectionsThanItAllows() {
        Semaphore permits = sources(FakeProvider.huggingface())
                .allowed(SourceChoice.auto(), COMMON)
                .get(0)
                .permits();

        assertThat(permits.availablePermits()).isEqualTo(4);
    }

    @Test
    void whatAHubToleratesIsForAllJobsOfAProcess() {
        endpoints.put("mirror", "http://127.0.0.1:41");
        Source one = sources(FakeProvider.mirror())
                .allowed(SourceChoice.auto(), COMMON)
                .get(0);
        Source another = sources(FakeProvider.mirror())
                .allowed(SourceChoice.auto(), COMMON)
                .get(0);
        endpoints.put("mirror", "http://127.0.0.1:42");
        Source elsewhere = sources(FakeProvider.mirror())
                .allowed(SourceChoice.auto(), COMMON)
                .get(0);

        assertThat(another.permits()).isSameAs(one.permits()).isNotSameAs(elsewhere.permits());
    }

    @Test
    void whoIsAskedAloneHasABackEndOfItsOwnAndTheSamePermits() {
        Sources sources = sources(FakeProvider.mirror(), FakeProvider.huggingface());
        Source raced = sources.allowed(SourceChoice.auto(), COMMON).get(1);
        Source alone = sources.allowed(SourceChoice.only("mirror"), COMMON).get(0);

        assertThat(alone.id()).isEqualTo(raced.id()).isEqualTo("mirror");
        assertThat(alone.backend()).isNotSameAs(raced.backend());
        assertThat(alone.permits()).isSameAs(raced.permits());
        assertThat(sources.allowed(SourceChoice.only("mirror"), COMMON).get(0)).isEqualTo(alone);
    }

    @Test
    void aProviderThatDoesNotLoadDoesNotTakeTheOthersWithIt() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(ModelSourceProvider.class.getName()),
                "missing.from.the.ClassPath\n" + Broken.class.getName() + "\n" + Discovered.class.getName() + "\n");
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[] {url(folder)}, usual));

        try (QuietLog quiet = new QuietLog(Providers.class)) {
            Sources sources = opened(settings(true, FakeProvider.mirror()));

            assertThat(ids(sources.allowed(SourceChoice.auto(), COMMON)))
                    .containsExactlyInAnyOrder("mirror", "discovered");
        }
    }

    @Test
    void aProviderThatBreaksWhileItOpensSaysSoWhenItIsAsked() {
        FakeProvider broken = new FakeProvider("broken", Set.of(), "https://broken.test", endpoint -> {
            throw new NoSuchMethodError("SourceContext.<init>");
        });

        try (QuietLog quiet = new QuietLog(Sources.class)) {
            List<Source> allowed = sources(FakeProvider.mirror(), broken).allowed(SourceChoice.auto(), COMMON);

            assertThat(ids(allowed)).containsExactlyInAnyOrder("mirror", "broken");
            assertThat(verdict(allowed, "broken").detail())
                    .startsWith("create failed: java.lang.NoSuchMethodError: SourceContext.<init>, at "
                            + FakeProvider.class.getName());
        }
    }

    /** What it says of a repository. */
    private static Verdict verdict(List<Source> allowed, String id) {
        Source source =
                allowed.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        return new Candidate(source, COMMON, null).ask(Runnable::run).join().verdict();
    }

    /** Found by the service loader in one test. */
    public static final class Discovered implements ModelSourceProvider {
        @Override
        public String id() {
            return "discovered";
        }

        @Override
        public String defaultEndpoint() {
            return "https://discovered.test";
        }

        @Override
        public FakeSource create(dev.modelfetch.spi.SourceContext context) {
            return new FakeSource("discovered", "huggingface", dev.modelfetch.spi.Trust.MIRROR, context.url(), 1);
        }
    }

    /** Cannot be constructed. */
    public static final class Broken implements ModelSourceProvider {
        public Broken() {
            throw new IllegalStateException("a library of mine is missing");
        }

        @Override
        public String id() {
            return "broken";
        }

        @Override
        public String defaultEndpoint() {
            return "https://broken.test";
        }

        @Override
        public FakeSource create(dev.modelfetch.spi.SourceContext context) {
            throw new AssertionError();
        }
    }

    private Sources sources(ModelSourceProvider... providers) {
        return opened(settings(false, providers));
    }

    private Settings settings(boolean discover, ModelSourceProvider... providers) {
        environment.put("HOME", folder.toString());
        environment.put("TZ", "UTC");
        return Settings.of(new Settings.Said(
                endpoints,
                tokens,
                Map.of(),
                proxies,
                aliases,
                Optional.of(folder),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                environment,
                List.of(providers),
                discover,
                Transport.USUAL));
    }

    private static HttpClients clients() {
        return new HttpClients(
                "test", new dev.modelfetch.internal.net.Routes(Map.of(), Map.of()), HttpClients.Timeouts.DEFAULT);
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static List<String> ids(List<Source> hubs) {
        return hubs.stream().map(Source::id).toList();
    }

    private static Sources opened(Settings settings) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return new Sources(settings, clients(), Providers.find(settings, context));
    }
}
