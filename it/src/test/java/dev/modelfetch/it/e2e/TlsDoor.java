package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Puts TLS in front of a hub that speaks clear text, with a certificate that only those who are told to will trust. */
final class TlsDoor implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    private final int inner;
    private final Path trusted;
    private final Path pem;
    private final SSLServerSocket door;

    /** @param directory takes the key store and the trust store */
    TlsDoor(Path directory, String endpoint) throws IOException, InterruptedException, GeneralSecurityException {
        inner = URI.create(endpoint).getPort();
        KeyStore keys = KeyStore.getInstance(made(directory.resolve("door.p12")), PASSWORD.toCharArray());
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("door", keys.getCertificate("door"));
        trusted = directory.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(trusted)) {
            anchors.store(out, PASSWORD.toCharArray());
        }
        pem = Files.writeString(
                directory.resolve("door.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("door").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        door = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::listen);
    }

    String address() {
        return "https://127.0.0.1:" + door.getLocalPort();
    }

    /** What makes a JVM trust it, for {@code JAVA_TOOL_OPTIONS}. */
    String trust() {
        return "-Djavax.net.ssl.trustStore=" + trusted + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }

    /** Its certificate, as {@code --ca-bundle} takes it. */
    Path pem() {
        return pem;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket hub = new Socket(InetAddress.getLoopbackAddress(), inner)) {
            start(() -> copy(client, hub));
            hub.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException eitherWentAway) {
            // Clients cancel.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException eitherWentAway) {
            // The other direction notices as well.
        }
    }

    private static java.io.File made(Path keys) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "door",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=door",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).as("keytool").isZero();
        return keys.toFile();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tls door");
        thread.setDaemon(true);
        thread.start();
    }
}
