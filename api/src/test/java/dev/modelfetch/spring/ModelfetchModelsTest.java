package dev.modelfetch.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.LockFile;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.CapturedLog;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.spi.ModelSourceProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.Banner;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

@Timeout(120)
class ModelfetchModelsTest {

    private static final byte[] WEIGHTS = Bytes.random(5_000, 1);
    private static final byte[] CONFIG = Bytes.of("{\"layers\": 2}\n");

    private final FileHost host = new FileHost().holds("model.bin", WEIGHTS).holds("config.json", CONFIG);
    private final FakeSource origin = FakeSource.huggingface(host.url())
            .listing(Bytes.large("model.bin", WEIGHTS), Bytes.small("config.json", CONFIG));
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    private Path home;

    /** The build's log is not an application's to set up. */
    @BeforeAll
    static void leaveLoggingAlone() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    }

    @AfterAll
    static void asBefore() {
        System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
    }

    @AfterEach
    void close() {
        gate.countDown();
        host.close();
    }

    /** Nobody says anything before the gate is open. */
    private void shut() {
        origin.answering(() -> {
            gate.await();
            return origin.resolved();
        });
    }

    private void absent() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
    }

    private String[] properties(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "modelfetch.environment=false",
                "modelfetch.cache-directory=" + home.resolve("hub"),
                "modelfetch.models.chat.repo=demo-lab/tiny-gpt"));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private ApplicationContextRunner application(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ModelfetchAutoConfiguration.class))
                .withBean(ModelSourceProvider.class, () -> FakeProvider.of(origin))
                .withBean("only", ModelfetchCustomizer.class, () -> Modelfetch.Builder::withoutDiscovery)
                .withPropertyValues(properties(properties));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ModelfetchAutoConfiguration.class)
    static class Application {}

    /** A real start, with runners and readiness. */
    private SpringApplication program(String... properties) {
        SpringApplication program = new SpringApplication(Application.class);
        program.setWebApplicationType(WebApplicationType.NONE);
        program.setBannerMode(Banner.Mode.OFF);
        program.setLogStartupInfo(false);
        program.setRegisterShutdownHook(false);
        program.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(ModelSourceProvider.class, () -> FakeProvider.of(origin));
            beans.registerBean("only", ModelfetchCustomizer.class, () -> Modelfetch.Builder::withoutDiscovery);
            TestPropertyValues.of(properties(properties)).applyTo(context);
        });
        return program;
    }

    @Test
    void aModelIsFetchedAsTheApplicationStarts() {
        application().run(context -> {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            assertThat(models.names()).containsExactly("chat");
            await().until(() -> models.begun().get("chat").result().isDone());

            assertThat(models.path("chat").resolve("model.bin")).hasBinaryContent(WEIGHTS);
            assertThat(models.snapshot("chat").bytesFetched()).isEqualTo(WEIGHTS.length + CONFIG.length);
            assertThat(host.requests()).hasSize(2);
        });
    }

    @Test
    void whoAsksWhileTheApplicationIsMadeWaitsForIt() {
        application()
                .withBean(Loaded.class)
                .run(context -> assertThat(context.getBean(Loaded.class).model.resolve("model.bin"))
                        .hasBinaryContent(WEIGHTS));
    }

    static final class Loaded {
        private final Path model;

        Loaded(ModelfetchModels models) {
            model = models.path("chat");
        }
    }

    @Test
    void everyDecisionOfTheConfigurationIsTaken() throws Exception {
        Path lock = home.resolve("chat.lock");
        try (Modelfetch modelfetch = Modelfetch.builder()
                .withoutDiscovery()
                .provider(FakeProvider.of(origin))
                .cacheDirectory(home.resolve("other"))
                .build()) {
            LockFile.of(modelfetch.fetch(FetchRequest.of("demo-lab/tiny-gpt"))).write(lock);
        }
        Files.createDirectories(home.resolve("classes"));
        Files.copy(lock, home.resolve("classes/packaged.lock"));
        application(
                        "modelfetch.models.chat.revision=main",
                        "modelfetch.models.chat.include=*.bin",
                        "modelfetch.models.chat.lock=" + lock,
                        "modelfetch.models.chat.destination=" + home.resolve("plain"),
                        "modelfetch.models.packaged.repo=demo-lab/tiny-gpt",
                        "modelfetch.models.packaged.files=config.json",
                        "modelfetch.models.packaged.lock=classpath:packaged.lock",
                        "modelfetch.models.tokenizer.repo=demo-lab/tiny-gpt",
                        "modelfetch.models.tokenizer.config-only=true",
                        "modelfetch.models.best.repo=demo-lab/tiny-gpt",
                        "modelfetch.models.best.weights=bin")
                .withClassLoader(new URLClassLoader(
                        new URL[] {home.resolve("classes").toUri().toURL()},
                        getClass().getClassLoader()))
                .run(context -> {
                    ModelfetchModels models = context.getBean(ModelfetchModels.class);

                    assertThat(models.path("chat")).isEqualTo(home.resolve("plain"));
                    assertThat(models.snapshot("chat").files())
                            .extracting(Snapshot.Item::path, Snapshot.Item::verified)
                            .containsExactly(Tuple.tuple("model.bin", Verification.PINNED));
                    assertThat(models.path("packaged")).hasBinaryContent(CONFIG);
                    assertThat(models.snapshot("tokenizer").files())
                            .extracting(Snapshot.Item::path)
                            .containsExactly("config.json");
                    assertThat(models.snapshot("best").files()).hasSize(2);
                });
    }

    @Test
    void theApplicationIsReadyWhenItsRequiredModelIsThere() throws InterruptedException {
        shut();
        CountDownLatch live = new CountDownLatch(1);
        List<ReadinessState> states = new CopyOnWriteArrayList<>();
        SpringApplication program = program();
        program.addListeners((ApplicationListener<AvailabilityChangeEvent<?>>) event -> {
            if (event.getState() instanceof ReadinessState state) {
                states.add(state);
            } else {
                live.countDown();
            }
        });
        program.addInitializers(context -> ((GenericApplicationContext) context).registerBean(Chat.class));

        CompletableFuture<ConfigurableApplicationContext> run = CompletableFuture.supplyAsync(() -> program.run());
        assertThat(live.await(60, TimeUnit.SECONDS)).isTrue();
        await().until(() -> origin.asked() == 1);

        assertThat(run).isNotDone();
        assertThat(states).isEmpty();

        gate.countDown();
        try (ConfigurableApplicationContext context = run.join()) {
            assertThat(states).containsExactly(ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(context.getBean(Chat.class).loaded.resolve("model.bin")).hasBinaryContent(WEIGHTS);
        }
    }

    /** As the package page has it. */
    static final class Chat implements ApplicationRunner {
        private final ModelfetchModels models;
        private Path loaded;

        Chat(ModelfetchModels models) {
            this.models = models;
        }

        @Override
        public void run(ApplicationArguments arguments) {
            load(models.path("chat"));
        }

        private void load(Path model) {
            loaded = model;
        }
    }

    @Test
    void withoutARequiredModelItDoesNotStartAndSaysWhy() {
        absent();
        try (CapturedLog log = new CapturedLog("org.springframework.boot", Level.SEVERE)) {
            assertThatThrownBy(() -> program().run()).hasStackTraceContaining("its model chat");

            assertThat(log.messages())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("APPLICATION FAILED TO START")
                    .contains(
                            "The application needs its model chat and cannot have it. demo-lab/tiny-gpt was not found")
                    .contains("huggingface (http://localhost:")
                    .contains("direct): no such repository")
                    .contains("Check the spelling");
        }
    }

    @Test
    void theFirstRequiredModelThatFailsEndsTheStart() {
        CountDownLatch never = stalled();
        try (CapturedLog log = new CapturedLog("org.springframework.boot", Level.SEVERE)) {
            assertThatThrownBy(() -> program(
                                    "modelfetch.models.z.repo=demo-lab/tiny-gpt", "modelfetch.models.z.files=none.bin")
                            .run())
                    .hasStackTraceContaining("its model z");
            assertThat(log.messages()).hasSize(1);
        } finally {
            never.countDown();
        }
    }

    @Test
    void whileItIsNotReadyItSaysWhyNowAndThen() {
        shut();
        application().run(context -> {
            RequiredModels runner = new RequiredModels(context.getBean(ModelfetchModels.class), Duration.ofMillis(10));
            try (CapturedLog log = new CapturedLog("dev.modelfetch.spring", Level.INFO)) {
                CompletableFuture<Void> run = CompletableFuture.runAsync(() -> run(runner));
                await().until(() -> log.messages().contains("Not ready before its models are: chat choosing."));

                gate.countDown();
                assertThat(run).succeedsWithin(Duration.ofSeconds(60));
            }
        });
    }

    private static void run(RequiredModels runner) {
        try {
            runner.run(new DefaultApplicationArguments());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The weights begin to come, and stop. */
    private CountDownLatch stalled() {
        CountDownLatch never = new CountDownLatch(1);
        host.answers("/files/model.bin", FileHost.stallAfter(100, WEIGHTS, never));
        return never;
    }

    @Test
    void oneThatIsNotRequiredFailsAloneAndIsTriedAgainByWhoAsks() {
        absent();
        try (ConfigurableApplicationContext context =
                program("modelfetch.models.chat.required=false").run()) {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            await().until(() ->
                    ModelfetchModels.failure(models.begun().get("chat")).isPresent());
            assertThat(Standing.of(models).status()).isEqualTo("UP");

            origin.answering(origin::resolved);
            assertThat(models.path("chat").resolve("model.bin")).hasBinaryContent(WEIGHTS);
        }
    }

    @Test
    void healthSaysHowFarItIs() {
        shut();
        application().run(context -> {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            await().until(() -> origin.asked() == 1);
            assertThat(new ModelfetchHealth(models).health())
                    .isEqualTo(Health.outOfService()
                            .withDetail("chat", Map.of("repo", "demo-lab/tiny-gpt", "phase", "choosing"))
                            .build());
            assertThat(new ModelfetchHealth3(models).health().getStatus().getCode())
                    .isEqualTo("OUT_OF_SERVICE");

            gate.countDown();
            models.snapshot("chat");
            assertThat(new ModelfetchHealth(models).health())
                    .isEqualTo(Health.up()
                            .withDetail("chat", Map.of("repo", "demo-lab/tiny-gpt", "phase", "done", "percent", 100))
                            .build());
            assertThat(new ModelfetchHealth3(models).health().getStatus().getCode())
                    .isEqualTo("UP");
        });
    }

    @Test
    void healthSaysWhatIsWrong() {
        absent();
        application().run(context -> {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            assertThatThrownBy(() -> models.path("chat")).isInstanceOf(FetchException.NotFound.class);

            Health health = new ModelfetchHealth(models).health();
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("chat"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("phase", "failed")
                    .containsKey("hint")
                    .hasEntrySatisfying(
                            "error", error -> assertThat(error.toString()).contains("no such repository"));
        });
    }

    @Test
    void aNameThatIsNotThereIsAnErrorThatNamesTheProperty() {
        application()
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(ModelfetchModels.class).path("caht"))
                        .isInstanceOf(FetchException.Usage.class)
                        .hasMessageContaining("caht")
                        .hasMessageContaining("chat"));
    }

    @Test
    void whoeverIsInterruptedStopsWaitingAndNotTheJob() throws InterruptedException {
        shut();
        application().run(context -> {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            CompletableFuture<Throwable> caught = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    models.path("chat");
                } catch (FetchException e) {
                    caught.complete(e);
                }
            });
            waiting.start();
            waiting.interrupt();

            assertThat(caught.join()).isInstanceOf(FetchException.Cancelled.class);
            gate.countDown();
            assertThat(models.snapshot("chat").files()).hasSize(2);
            assertThat(origin.asked()).isEqualTo(1);
        });
    }

    @Test
    void jobsEndWithTheApplicationAndLeaveNoThread() throws InterruptedException {
        CountDownLatch never = stalled();
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        BlockingQueue<FetchEvent> events = new LinkedBlockingQueue<>();
        AtomicReference<FetchJob> begun = new AtomicReference<>();
        AtomicReference<FetchJob> own = new AtomicReference<>();
        application()
                .withBean(
                        "listening",
                        ModelfetchCustomizer.class,
                        () -> builder -> builder.listener(job -> event -> {
                            threads.add(Thread.currentThread());
                            events.add(event);
                        }))
                .run(context -> {
                    begun.set(context.getBean(ModelfetchModels.class).job("chat"));
                    own.set(context.getBean(Modelfetch.class)
                            .start(FetchRequest.builder("demo-lab/tiny-gpt")
                                    .destination(new Destination.Directory(home.resolve("plain")))
                                    .build()));
                    await().until(() -> host.requests().size() >= 2);
                });

        assertThat(List.of(begun.get(), own.get())).allSatisfy(job -> {
            assertThat(job.awaitEnd(Duration.ZERO)).isTrue();
            // Told to whoever waits once all of it has ended.
            await().untilAsserted(() ->
                    assertThat(ModelfetchModels.failure(job)).get().isInstanceOf(FetchException.Cancelled.class));
        });
        assertThat(events.stream().filter(FetchEvent.Failed.class::isInstance)).hasSize(2);
        await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
        never.countDown();
    }

    @Test
    void anApplicationThatIsStoppedWhileItStartsDoesNotFail() {
        CountDownLatch never = stalled();
        AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
        SpringApplication program = program();
        program.addInitializers(starting::set);

        CompletableFuture<ConfigurableApplicationContext> run = CompletableFuture.supplyAsync(() -> program.run());
        await().until(() -> host.requests().size() >= 1);
        starting.get().close();

        assertThat(run.join().isRunning()).isFalse();
        never.countDown();
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainGoesOn() {
        CountDownLatch never = stalled();
        application().run(context -> {
            ModelfetchModels models = context.getBean(ModelfetchModels.class);
            await().until(() -> host.requests().size() >= 1);

            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                    .stop();
            assertThat(ModelfetchModels.failure(models.begun().get("chat"))).isPresent();
            host.holds("model.bin", WEIGHTS);
            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                    .start();

            assertThat(models.path("chat").resolve("model.bin")).hasBinaryContent(WEIGHTS);
        });
        never.countDown();
    }
}
