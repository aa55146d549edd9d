package dev.modelfetch.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Contents;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Applications of other people, in {@code src/consumer}: built from the published artifacts, with the versions that their
 * framework's BOM gives to our dependencies, under the rule that there is one version of everything and no class twice.
 * Then they are run.
 */
@EnabledIfSystemProperty(named = "modelfetch.maven", matches = ".+", disabledReason = "runs in a build by Maven")
class ConsumersTest {

    private static final Repository MODEL = Repository.model("acme-lab/tiny")
            .file("config.json", "{\"model_type\": \"tiny\"}\n")
            .lfs("model.safetensors", Content.generated(1, 300_000));

    private static final Repository WORDS = Repository.model("acme-lab/words")
            .file("tokenizer.json", """
                    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                     "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
                     "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "fetch": 1, "the": 2}, "unk_token": "[UNK]"}}
                    """)
            .lfs("model.safetensors", Content.generated(2, 100_000));

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path APPLICATIONS = Path.of("target", "consumers").toAbsolutePath();

    private static MiniHubs hubs;

    @TempDir
    Path directory;

    /** All in one run of Maven, which costs less than five. */
    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Installation installed = Installation.of(
                Path.of("..").toRealPath(),
                System.getProperty("modelfetch.version"),
                Path.of(System.getProperty("modelfetch.repository")),
                Path.of("target", "repository").toAbsolutePath());
        copy(Path.of("src", "consumer"), APPLICATIONS);
        List<String> maven = new ArrayList<>(List.of(
                Path.of(System.getProperty("modelfetch.maven"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + installed.root(),
                "-Dmodelfetch.version=" + System.getProperty("modelfetch.version"),
                "clean",
                "package"));
        if (System.getProperty("modelfetch.settings").equals("offline=true")) {
            maven.add("-o");
        }
        String said = run(APPLICATIONS, maven);
        assertThat(said).as("what Maven says").contains("BUILD SUCCESS");
        assertThat(said)
                .as("those of testing were run")
                .contains("in consumer.ShelfTest")
                .contains("in consumer.CatalogueTest");
        installed.settle();
        hubs = MiniHubs.start(MODEL, WORDS);
    }

    @AfterAll
    static void close() {
        if (hubs != null) {
            hubs.close();
        }
    }

    static Stream<Arguments> applications() {
        List<String> hub = List.of("huggingface", "mirror", "modelscope");
        return Stream.of(
                Arguments.of("plain", List.of("-cp", path("app.jar", "lib/*"), "consumer.Main"), hub),
                Arguments.of("plain", List.of("-p", path("app.jar", "lib"), "-m", "consumer/consumer.Main"), hub),
                Arguments.of(
                        "bom",
                        List.of("-cp", path("app.jar", "lib/*"), "consumer.Main"),
                        List.of("huggingface", "modelscope")),
                Arguments.of("spring-boot-3", List.of("-jar", path("app.jar")), hub),
                Arguments.of("spring-boot-4", List.of("-jar", path("app.jar")), hub),
                Arguments.of("quarkus-3", List.of("-jar", path("quarkus-app/quarkus-run.jar")), hub));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("applications")
    void fetchesFromEverySource(String application, List<String> program, List<String> sources)
            throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                JAVA.toString(), "-XX:TieredStopAtLevel=1", "-Ddirectory=" + directory, "-Drepository=" + MODEL.id()));
        hubs.endpoints().forEach((source, endpoint) -> java.add("-Dendpoint." + source + "=" + endpoint));
        java.addAll(program);

        String said = run(APPLICATIONS.resolve(application).resolve("target"), java);

        for (String source : sources) {
            assertThat(said.lines()).contains("stored in " + directory.resolve(source));
            assertThat(Contents.of(directory.resolve(source))).containsAllEntriesOf(Contents.of(MODEL));
        }
        if (application.startsWith("spring-boot")) {
            assertThat(said).contains("ready with " + directory.resolve("hub"));
            assertThat(said.lines()).contains("health UP");
        }
    }

    /** Native code of another library reads what was fetched. */
    @Test
    void aTokenizerReadsWhatWasFetched() throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                JAVA.toString(),
                "-Ddirectory=" + directory,
                "-DDJL_CACHE_DIR=" + directory,
                "-Drepository=acme-lab/words"));
        hubs.endpoints().forEach((source, endpoint) -> java.add("-Dendpoint." + source + "=" + endpoint));
        java.addAll(List.of("-cp", path("app.jar", "lib/*"), "consumer.Main"));

        String said = run(APPLICATIONS.resolve("tokenizer").resolve("target"), java);

        assertThat(said.lines()).contains("tokens [fetch, the, [UNK]]");
    }

    private static String path(String... entries) {
        return String.join(File.pathSeparator, entries);
    }

    private static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended)
                .as("%s ends; it said %s", command, Files.readString(said))
                .isTrue();
        return Files.readString(said);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path there = to.resolve(from.relativize(file).toString());
                Files.createDirectories(there.getParent());
                Files.write(there, Files.readAllBytes(file));
            }
        }
    }
}
