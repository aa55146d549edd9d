package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.testing.CapturedLog;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service finds in its log. */
@Timeout(120)
class JobLogTest extends EngineBench {

    private static final String TOKEN = "hf_0123456789abcdef";
    private static final String SIGNATURE = "X-Amz-Signature=5e7a11";

    private Modelfetch withTokens(FakeSource... sources) {
        host.usually("/files/model.safetensors", FileHost.ranged(WEIGHTS))
                .usually("/files/conf/config.json", FileHost.ranged(CONFIG));
        Modelfetch.Builder builder = Modelfetch.builder().withoutDiscovery().cacheDirectory(home.resolve("hub"));
        for (FakeSource source : sources) {
            builder.provider(FakeProvider.of(source)).token(source.profile().id(), TOKEN);
        }
        return builder.build();
    }

    @Test
    void aServiceAtInfoHearsNothingOfANormalJob() {
        try (CapturedLog log = new CapturedLog("dev.modelfetch", Level.INFO)) {
            fetch(request());
            fetch(request());

            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void norOfOneThatFailsForItsCallerHearsOfIt() {
        origin.refusing(new Verdict.NotHere(Verdict.What.REPOSITORY, "no such repository"));
        try (CapturedLog log = new CapturedLog("dev.modelfetch", Level.INFO)) {
            assertThatThrownBy(() -> fetch(request())).isInstanceOf(FetchException.NotFound.class);

            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void atDebugItReadsWhichJobDidWhatWithWhom() {
        try (FileHost data = new FileHost();
                CapturedLog log = new CapturedLog("dev.modelfetch", Level.FINE)) {
            data.answers("/blob", FileHost.firstly(FileHost.status(503), FileHost.ranged(WEIGHTS)));
            host.answers(
                    "/files/model.safetensors",
                    FileHost.redirect(data.url()
                            .newBuilder()
                            .encodedPath("/blob")
                            .encodedQuery(SIGNATURE)
                            .build()));
            FetchJob job;
            try (Modelfetch modelfetch = withTokens(origin)) {
                job = modelfetch.start(request().build());
                assertThat(job.result().join().files()).hasSize(3);
            }

            assertThat(log.messages())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith(job.id() + " (demo-lab/tiny-gpt): "))
                    .noneMatch(line -> line.contains(TOKEN) || line.contains("Signature") || line.contains("5e7a11"));
            assertThat(log.messages())
                    .anyMatch(line -> line.contains("huggingface (http://localhost:"))
                    .anyMatch(line -> line.contains("sends from " + data.url().host()))
                    .anyMatch(line -> line.contains("model.safetensors again from huggingface"))
                    .anyMatch(line -> line.contains("done in "));
            assertThat(log.records()).extracting(LogRecord::getLevel).containsOnly(Level.FINE);
        }
    }

    @Test
    void atDebugAFailureIsNotGivenAwayEither() {
        try (FileHost data = new FileHost();
                CapturedLog log = new CapturedLog("dev.modelfetch", Level.FINE)) {
            data.answers("/blob", FileHost.status(403));
            host.answers(
                    "/files/model.safetensors",
                    FileHost.redirect(data.url()
                            .newBuilder()
                            .encodedPath("/blob")
                            .encodedQuery(SIGNATURE)
                            .build()));
            try (Modelfetch modelfetch = withTokens(origin)) {
                assertThatThrownBy(() -> modelfetch.fetch(
                                request().patience(Duration.ZERO).build()))
                        .isInstanceOf(FetchException.class);
            }

            assertThat(log.messages())
                    .anyMatch(line -> line.contains("failed ("))
                    .noneMatch(line -> line.contains(TOKEN) || line.contains("Signature") || line.contains("5e7a11"));
        }
    }

    @Test
    void aTokenThatIsRefusedIsAWarningAlthoughSomebodyElseDelivers() {
        origin.refusing(new Verdict.NeedsAuth("the token is not valid at hub.test", Verdict.Missing.VALID_TOKEN));
        FakeSource scope = FakeSource.modelscope(host.url()).listing(CONFIG_ROW, WEIGHTS_ROW);
        try (CapturedLog log = new CapturedLog("dev.modelfetch", Level.INFO);
                Modelfetch modelfetch = withTokens(origin, scope)) {
            assertThat(modelfetch.fetch(request().isPublic(true).build()).source())
                    .isEqualTo("modelscope");

            assertThat(log.records()).singleElement().satisfies(record -> {
                assertThat(record.getLevel()).isEqualTo(Level.WARNING);
                assertThat(record.getMessage())
                        .contains("fetched from modelscope", "the token for huggingface", "not valid at hub.test")
                        .doesNotContain(TOKEN);
            });
        }
    }
}
