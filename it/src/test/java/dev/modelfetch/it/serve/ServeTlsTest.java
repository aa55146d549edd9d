package dev.modelfetch.it.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.it.e2e.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A box that speaks TLS itself. */
@Tag("serve")
class ServeTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @RegisterExtension
    final Lab lab = Samples.lab();

    @RegisterExtension
    final Boxes boxes = new Boxes(lab);

    /** Makes a key and a certificate for it, in the place of former ones. */
    private void make(String algorithm, String name) throws Exception {
        Path store = lab.home().resolve(name + ".p12");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "box",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()));
        assertThat(new ProcessBuilder(line).redirectErrorStream(true).start().waitFor())
                .isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        pem("box.crt", "CERTIFICATE", keys.getCertificate("box").getEncoded());
        pem("box.key", "PRIVATE KEY", keys.getKey("box", PASSWORD).getEncoded());
    }

    private void pem(String file, String what, byte[] bytes) throws IOException {
        Path path = Files.writeString(
                lab.home().resolve(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                        + "-----\n");
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(bytes.length)));
    }

    private Served box() throws IOException {
        return boxes.box(
                "--tls-cert",
                lab.home().resolve("box.crt").toString(),
                "--tls-key",
                lab.home().resolve("box.key").toString());
    }

    private byte[] curl(String url) throws Exception {
        Process curl = new ProcessBuilder(
                        "curl", "-sS", "--cacert", lab.home().resolve("box.crt").toString(), url)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] body = curl.getInputStream().readAllBytes();
        var unused = curl.waitFor();
        return body;
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void filesColdAndWarmGoThroughIt(String algorithm) throws Exception {
        make(algorithm, "first");
        Served box = box();
        String file = box.endpoint() + "/" + Samples.ID + "/resolve/main/" + Samples.BIG;

        assertThat(box.endpoint()).startsWith("https://127.0.0.1:");
        assertThat(sha256(curl(file))).isEqualTo(Samples.WEIGHTS.sha256());
        assertThat(sha256(curl(file))).isEqualTo(Samples.WEIGHTS.sha256());
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart() throws Exception {
        make("RSA", "first");
        Served box = box();
        assertThat(curl(box.endpoint() + "/-/live")).isNotEmpty();

        make("EC", "second");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(curl(box.endpoint() + "/-/live")).isNotEmpty());
    }

    @Test
    void aCertificateWithoutItsKeyIsAMistakeAtTheStart() throws Exception {
        make("RSA", "first");
        String chain = lab.home().resolve("box.crt").toString();

        lab.program().start("serve", "--tls-cert", chain).end().exits(2);
        lab.program()
                .start("serve", "--tls-cert", chain, "--tls-key", chain)
                .end()
                .exits(2);
    }
}
