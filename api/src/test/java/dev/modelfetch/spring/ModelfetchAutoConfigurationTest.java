package dev.modelfetch.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.SourceInfo;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.QuietLog;
import dev.modelfetch.spi.ModelSourceProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.StandardEnvironment;

@Timeout(120)
class ModelfetchAutoConfigurationTest {

    private static final byte[] WEIGHTS = Bytes.random(5_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");

    private final FileHost host = new FileHost().holds("model.bin", WEIGHTS).holds("config.json", CONFIG);
    private final FakeSource origin = FakeSource.huggingface(host.url())
            .listing(Bytes.large("model.bin", WEIGHTS), Bytes.small("config.json", CONFIG));

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        host.close();
    }

    /** With the fake origin as a bean, and no other source. */
    private ApplicationContextRunner application(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ModelfetchAutoConfiguration.class))
                .withBean(ModelSourceProvider.class, () -> FakeProvider.of(origin))
                .withBean("only", ModelfetchCustomizer.class, () -> Modelfetch.Builder::withoutDiscovery)
                .withPropertyValues("modelfetch.environment=false", "modelfetch.cache-directory=" + home.resolve("hub"))
                .withPropertyValues(properties);
    }

    private static FetchRequest request() {
        return FetchRequest.builder(FakeSource.REPO).build();
    }

    @Test
    void theFrontDoorIsABeanWithTheSourcesOfTheApplication() {
        application().run(context -> {
            Modelfetch modelfetch = context.getBean(Modelfetch.class);

            assertThat(modelfetch.sources()).extracting(SourceInfo::id).containsExactly("huggingface");
            assertThat(modelfetch.fetch(request()).path().resolve("model.bin")).hasBinaryContent(WEIGHTS);
            assertThat(context.getBean(ModelfetchModels.class).names()).isEmpty();
        });
    }

    @Test
    void itIsFoundByItsFile() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ModelfetchAutoConfiguration.class))
                .withPropertyValues("modelfetch.cache-directory=" + home)
                .run(context -> assertThat(context).hasSingleBean(Modelfetch.class));
        assertThat(getClass()
                        .getResourceAsStream(
                                "/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"))
                .hasContent(ModelfetchAutoConfiguration.class.getName());
    }

    @Test
    void oneOfTheApplicationTakesItsPlace() {
        Modelfetch own = (Modelfetch) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Modelfetch.class}, (proxy, method, arguments) -> null);

        application()
                .withBean("own", Modelfetch.class, () -> own)
                .run(context -> assertThat(context.getBean(Modelfetch.class)).isSameAs(own));
    }

    @Test
    void propertiesAreBound() {
        application(
                        "modelfetch.endpoints.huggingface=" + host.url(),
                        "modelfetch.tokens.huggingface=hf_secret",
                        "modelfetch.token-files.mirror=/run/secrets/mirror",
                        "modelfetch.proxies.huggingface=http://user:pass@proxy:8080",
                        "modelfetch.ca-bundle=/etc/ca.pem",
                        "modelfetch.source=hf",
                        "modelfetch.max-jobs=3",
                        "modelfetch.max-connections=9",
                        "modelfetch.bytes-per-second=10MB",
                        "modelfetch.models.chat.repo=demo-lab/tiny-gpt",
                        "modelfetch.models.chat.include=*.bin,*.json",
                        "modelfetch.models.chat.required=false")
                .withBean("own", Modelfetch.class, () -> Modelfetch.builder().build())
                .run(context -> {
                    ModelfetchProperties properties = context.getBean(ModelfetchProperties.class);

                    assertThat(properties.cacheDirectory()).isEqualTo(home.resolve("hub"));
                    assertThat(properties.endpoints())
                            .containsEntry("huggingface", host.url().toString());
                    assertThat(properties.tokens()).containsEntry("huggingface", "hf_secret");
                    assertThat(properties.tokenFiles()).containsEntry("mirror", Path.of("/run/secrets/mirror"));
                    assertThat(properties.caBundle()).isEqualTo(Path.of("/etc/ca.pem"));
                    assertThat(properties.source()).isEqualTo("hf");
                    assertThat(properties.maxJobs()).isEqualTo(3);
                    assertThat(properties.maxConnections()).isEqualTo(9);
                    assertThat(properties.bytesPerSecond().toMegabytes()).isEqualTo(10);
                    assertThat(properties.environment()).isFalse();
                    assertThat(properties.models().get("chat").include()).containsExactly("*.bin", "*.json");
                    assertThat(properties.models().get("chat").required()).isFalse();
                    assertThat(properties.toString())
                            .contains("tokens=[huggingface]", "proxies=[huggingface]")
                            .doesNotContain("hf_secret", "pass");
                });
    }

    @Test
    void settingsThatCannotBeUsedKeepTheApplicationFromStarting() {
        try (var quiet = new QuietLog(AnnotationConfigApplicationContext.class)) {
            application("modelfetch.max-jobs=0")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(FetchException.Usage.class)
                            .hasMessageContaining("jobs at once"));
            application("modelfetch.models.chat.revision=main")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining("modelfetch.models.chat: No repository is named."));
            application(
                            "modelfetch.models.chat.repo=demo-lab/tiny-gpt",
                            "modelfetch.models.chat.gguf=Q4_K_M",
                            "modelfetch.models.chat.weights=best")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining("modelfetch.models.chat: weights, gguf and config-only"));
        }
    }

    @Test
    void whatPropertiesSayReachesTheFrontDoor() {
        application("modelfetch.source=huggingface", "modelfetch.tokens.huggingface=hf_secret")
                .run(context -> {
                    Modelfetch modelfetch = context.getBean(Modelfetch.class);

                    assertThat(modelfetch.request("demo-lab/tiny-gpt").build().source())
                            .isEqualTo(SourceChoice.only("huggingface"));
                    assertThat(modelfetch.sources())
                            .extracting(SourceInfo::hasToken)
                            .containsExactly(true);
                });
        application("modelfetch.offline=true")
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(Modelfetch.class).fetch(request()))
                        .isInstanceOf(FetchException.NotStored.class));
    }

    @Test
    void theEnvironmentOfTheProcessCountsUnlessToldOtherwise() {
        StandardEnvironment offline = new StandardEnvironment() {
            @Override
            public Map<String, Object> getSystemEnvironment() {
                return Map.of("HF_HUB_OFFLINE", "1", "HOME", home.toString());
            }
        };
        application("modelfetch.environment=true")
                .withInitializer(context -> context.setEnvironment(offline))
                .withPropertyValues("modelfetch.environment=true", "modelfetch.cache-directory=" + home.resolve("hub"))
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(Modelfetch.class).fetch(request()))
                        .isInstanceOf(FetchException.NotStored.class));
    }

    @Test
    void customizersComeLastAndInOrder() {
        List<String> called = new ArrayList<>();
        application("modelfetch.source=mirror")
                .withBean("b", ModelfetchCustomizer.class, () -> new Second(called))
                .withBean("a", ModelfetchCustomizer.class, () -> new First(called))
                .run(context -> {
                    assertThat(called).containsExactly("first", "second");
                    FetchRequest request = context.getBean(Modelfetch.class)
                            .request("demo-lab/tiny-gpt")
                            .build();
                    assertThat(request.source()).isEqualTo(SourceChoice.only("mirror"));
                    assertThat(request.priority()).isEqualTo(7);
                });
    }

    @Order(1)
    private record First(List<String> called) implements ModelfetchCustomizer {
        @Override
        public void customize(Modelfetch.Builder builder) {
            called.add("first");
            builder.defaults(request -> request.priority(7));
        }
    }

    @Order(2)
    private record Second(List<String> called) implements ModelfetchCustomizer {
        @Override
        public void customize(Modelfetch.Builder builder) {
            called.add("second");
        }
    }

    @Test
    void withMicrometerEveryJobIsMeasured() {
        application().withBean(SimpleMeterRegistry.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            // As Spring Boot does with every binder.
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(registry));

            context.getBean(Modelfetch.class).fetch(request());

            assertThat(registry.get("modelfetch.jobs")
                            .tag("outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void nothingOptionalIsNeeded() {
        application()
                .withClassLoader(new FilteredClassLoader(
                        "io.micrometer", "org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(Modelfetch.class)
                            .doesNotHaveBean("modelfetchHealthIndicator")
                            .doesNotHaveBean("modelfetchMetrics")
                            .doesNotHaveBean("modelfetchSecrets");
                    assertThat(context.getBean(Modelfetch.class)
                                    .fetch(request())
                                    .files())
                            .hasSize(2);
                });
    }

    @Test
    void eachGenerationHasItsHealthIndicatorUnlessItIsTurnedOff() {
        application()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context ->
                        assertThat(context.getBean("modelfetchHealthIndicator")).isInstanceOf(ModelfetchHealth3.class));
        application()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate.health"))
                .run(context ->
                        assertThat(context.getBean("modelfetchHealthIndicator")).isInstanceOf(ModelfetchHealth.class));
        application("management.health.modelfetch.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("modelfetchHealthIndicator"));
        application("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("modelfetchHealthIndicator"));
    }

    @Test
    void pagesThatShowPropertiesDoNotShowSecrets() {
        application().run(context -> {
            SanitizingFunction secrets = context.getBean(SanitizingFunction.class);

            assertThat(List.of(
                            "modelfetch.tokens.huggingface",
                            "MODELFETCH_TOKENS_HUGGINGFACE",
                            "modelfetch.proxies.mirror"))
                    .allSatisfy(key -> assertThat(secrets.apply(new SanitizableData(null, key, "secret"))
                                    .getValue())
                            .isEqualTo(SanitizableData.SANITIZED_VALUE));
            assertThat(List.of("modelfetch.token-files.huggingface", "modelfetch.source", "other.tokens.x"))
                    .allSatisfy(key -> assertThat(secrets.apply(new SanitizableData(null, key, "open"))
                                    .getValue())
                            .isEqualTo("open"));
        });
    }

    @Test
    void editorsKnowTheProperties() throws IOException {
        try (var metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(new String(metadata.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "\"modelfetch.cache-directory\"",
                            "\"modelfetch.max-jobs\"",
                            "\"modelfetch.models\"",
                            "\"modelfetch.token-files\"",
                            "jobs at work at the same time");
        }
    }

    @Test
    void jobsRunInTheContextOfTheApplication() {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        BlockingQueue<ClassLoader> loaders = new LinkedBlockingQueue<>();
        ClassLoader loader = new FilteredClassLoader("no.such.package");
        application()
                .withClassLoader(loader)
                .withBean(
                        "listening",
                        ModelfetchCustomizer.class,
                        () -> builder -> builder.listener(job -> event -> {
                            threads.add(Thread.currentThread());
                            loaders.add(Thread.currentThread().getContextClassLoader());
                        }))
                .run(context -> {
                    context.getBean(Modelfetch.class).fetch(request());

                    assertThat(threads).isNotEmpty().allSatisfy(thread -> {
                        assertThat(thread.getName()).startsWith("modelfetch-");
                        assertThat(thread.isDaemon()).isTrue();
                    });
                    assertThat(loaders).containsOnly(loader);
                });
        await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void threadsAreVirtualWhereThoseOfTheApplicationAre() {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        application("spring.threads.virtual.enabled=true")
                .withBean(
                        "listening",
                        ModelfetchCustomizer.class,
                        () -> builder -> builder.listener(job -> event -> threads.add(Thread.currentThread())))
                .run(context -> {
                    context.getBean(Modelfetch.class).fetch(request());

                    assertThat(threads)
                            .isNotEmpty()
                            .allSatisfy(thread -> assertThat(
                                            Thread.class.getMethod("isVirtual").invoke(thread))
                                    .isEqualTo(true));
                });
    }
}
