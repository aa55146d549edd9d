package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub whose certificate no JDK knows, as behind a company's firewall that looks into connections. */
class PrivateAuthorityTest {

    private static final String[] FETCH = {Samples.SMALL.id(), "config.json", "--source", "huggingface"};

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL);

    private TlsDoor door;

    @BeforeEach
    void open() throws Exception {
        door = new TlsDoor(lab.home(), lab.hubs().huggingFace().endpoint());
    }

    @AfterEach
    void close() throws Exception {
        door.close();
    }

    private Program program() {
        return lab.away().at(Map.of("huggingface", door.address()));
    }

    @Test
    void itsIssuerIsNamedAndWhatToDoAboutIt() throws Exception {
        Running.Ended ended = program().run(FETCH).exits(5);

        assertThat(ended.err())
                .contains("certificate not trusted, issued by \"door\" (127.0.0.1)")
                .contains("--ca-bundle");
        assertThat(lab.ledger().requests("/api")).isEmpty();
    }

    @Test
    void anOptionNamesItsAuthority() throws Exception {
        Path file = program()
                .run(
                        FETCH[0],
                        FETCH[1],
                        FETCH[2],
                        FETCH[3],
                        "--ca-bundle",
                        door.pem().toString())
                .path();

        assertThat(file).hasFileName("config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    void soDoTheVariablesOfOtherTools(String variable) throws Exception {
        program().with(variable, door.pem().toString()).run(FETCH).path();
    }

    @Test
    void aFileOfTheEnvironmentThatCannotBeReadMattersOnlyWhereItIsNeeded() throws Exception {
        Path broken = Files.writeString(lab.home().resolve("broken.pem"), "no certificate");

        program()
                .with("SSL_CERT_FILE", broken.toString())
                .with("JAVA_TOOL_OPTIONS", door.trust())
                .run(FETCH)
                .path();
        Running.Ended ended =
                program().with("SSL_CERT_FILE", broken.toString()).run(FETCH).exits(5);

        assertThat(ended.err()).contains("SSL_CERT_FILE: the certificates in " + broken);
    }

    @Test
    void anOptionThatNamesNoCertificatesIsRefusedNeededOrNot() throws Exception {
        Path broken = Files.writeString(lab.home().resolve("broken.pem"), "no certificate");

        Running.Ended ended = lab.program()
                .run(Samples.SMALL.id(), "--offline", "--ca-bundle", broken.toString())
                .exits(2);

        assertThat(ended.err()).contains("--ca-bundle").contains(broken.toString());
    }
}
