package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MirrorFace.Quirk;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens reach the one hub they belong to, and nothing else: no other host, no file, no output (mirrors.md 6.1). */
class SecretsStayHomeTest {

    private static final Map<String, String> TOKENS = Map.of(
            "huggingface", "hf_markerForTheOrigin",
            "mirror", "hf_markerForTheMirror",
            "modelscope", "ms-marker-for-modelscope");
    private static final Map<String, String> VARIABLES = Map.of(
            "huggingface", "HF_TOKEN",
            "mirror", "HF_MIRROR_TOKEN",
            "modelscope", "MODELSCOPE_API_TOKEN");

    /** How signed links end, on all data hosts. */
    private static final List<String> SIGNATURES = List.of("Signature=", "auth_key=", "X-Xet-Cas-Uid");

    private static final Repository GATED =
            Samples.SMALL.named("acme-lab/gated").gated(TOKENS.values().toArray(new String[0]));

    @RegisterExtension
    final Lab lab = Lab.of(GATED, Samples.SMALL);

    private final List<Running.Ended> runs = new ArrayList<>();

    @AfterEach
    void nothingSecretIsLeftBehind() throws IOException {
        List<String> secrets = new ArrayList<>(TOKENS.values());
        secrets.addAll(SIGNATURES);
        for (Running.Ended run : runs) {
            assertThat(run.out()).doesNotContain(secrets);
            assertThat(run.err()).doesNotContain(secrets);
        }
        try (Stream<Path> files = Files.walk(lab.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secrets);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface", "mirror", "modelscope"})
    void aForcedSourceSeesItsOwnTokenOnly(String source) throws Exception {
        Running.Ended ended =
                run(withAllTokens(), GATED.id(), "--source", source, "-v", "--progress", "json", "--json");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(lab.ledger().authorizationsSeen()).containsExactly(source + " Bearer " + TOKENS.get(source));
        TOKENS.forEach((owner, token) -> assertThat(lab.ledger().hostsThatSaw(token))
                .isEqualTo(owner.equals(source) ? Set.of(source) : Set.of()));
    }

    @Test
    void theAutomaticChoiceMixesNoTokens() throws Exception {
        Running.Ended ended = run(withAllTokens(), GATED.id(), "-v");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Contents.of(ended.path())).isEqualTo(Contents.of(GATED));
        TOKENS.forEach(
                (owner, token) -> assertThat(lab.ledger().hostsThatSaw(token)).isSubsetOf(owner));
    }

    @Test
    void theOriginsTokenIsNotShownToTheMirrorEvenWhenOnlyTheMirrorAnswers() throws Exception {
        lab.hubs().huggingFace().server().refuse();

        Running.Ended ended = run(with("huggingface"), GATED.id(), "-v", "--json");

        // With a token in play an outage must not show the name to others either.
        assertThat(ended.code()).isEqualTo(5);
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void aMirrorThatSendsUsToTheOriginDoesNotTakeItsTokenThere() throws Exception {
        lab.hubs().mirror().face().quirks(Quirk.MOVED_TO_ORIGIN);

        Running.Ended ended = run(with("mirror"), GATED.id(), "--source", "mirror", "-v", "--json");

        assertThat(ended.code()).isEqualTo(5);
        assertThat(lab.ledger().visits("huggingface")).isEmpty();
    }

    @Test
    void errorsTellHostsButNoSignedLinks() throws Exception {
        // A refused link, which is told as a retry, and then an answer that is final.
        lab.hubs()
                .huggingFace()
                .dataFaults()
                .add(Fault.status(403).times(1))
                .add(Fault.webPage().after(1));

        Running.Ended ended = run(
                with("huggingface"),
                GATED.id(),
                "--source",
                "huggingface",
                "--give-up-after",
                "0",
                "-v",
                "--progress",
                "json",
                "--json");

        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.error().get("message").getAsString()).contains("huggingface: a web page");
        assertThat(ended.err()).contains("HTTP 403");
    }

    @Test
    void aTokenInAFileBelongsToTheForcedSource() throws Exception {
        Path file = Files.createTempFile("modelfetch-e2e", ".token");
        Files.writeString(file, TOKENS.get("modelscope") + "\n");
        try {
            Running.Ended ended =
                    run(lab.program(), GATED.id(), "--source", "modelscope", "--token-file", file.toString(), "-v");
            assertThat(ended.code()).as(ended.err()).isZero();
        } finally {
            Files.delete(file);
        }
        assertThat(lab.ledger().hostsThatSaw(TOKENS.get("modelscope"))).containsExactly("modelscope");
    }

    @Test
    void withoutAForcedSourceAGivenTokenIsTheOrigins() throws Exception {
        Running.Ended ended =
                run(lab.program().reading(TOKENS.get("huggingface") + "\n"), GATED.id(), "--token", "-", "-v");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(lab.ledger().hostsThatSaw(TOKENS.get("huggingface"))).containsExactly("huggingface");
    }

    @Test
    void aTokenWithABlankInItIsRefusedWithoutBeingShown() throws Exception {
        Running.Ended ended =
                run(lab.program().with("HF_TOKEN", "hf_markerForTheOrigin with blanks"), Samples.SMALL.id(), "--json");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(lab.ledger().visits()).isEmpty();
    }

    private Running.Ended run(Program program, String... arguments) throws Exception {
        Running.Ended ended = program.run(arguments);
        runs.add(ended);
        return ended;
    }

    private Program withAllTokens() {
        Program program = lab.program();
        VARIABLES.forEach((source, variable) -> program.with(variable, TOKENS.get(source)));
        return program;
    }

    private Program with(String source) {
        return lab.program().with(VARIABLES.get(source), TOKENS.get(source));
    }
}
