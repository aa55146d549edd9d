package dev.modelfetch.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A scripted server on loopback that goes by a public-looking name, with a certificate for it. */
final class FakeHub implements Closeable {

    private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder()
            .addSubjectAlternativeName("*.test")
            .addSubjectAlternativeName("www.hub.test")
            .build();
    private static final HandshakeCertificates SERVER =
            new HandshakeCertificates.Builder().heldCertificate(CERTIFICATE).build();
    private static final HandshakeCertificates CLIENT = new HandshakeCertificates.Builder()
            .addTrustedCertificate(CERTIFICATE.certificate())
            .build();

    private final MockWebServer server = new MockWebServer();
    private final String scheme;
    private final String name;

    private FakeHub(String scheme, String name) {
        this.scheme = scheme;
        this.name = name;
        if (scheme.equals("https")) {
            server.useHttps(SERVER.sslSocketFactory());
        }
        try {
            server.start(InetAddress.getByName("localhost"), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FakeHub secure(String name) {
        return new FakeHub("https", name);
    }

    static FakeHub plain(String name) {
        return new FakeHub("http", name);
    }

    /** A client that finds every name on loopback and believes the certificate. */
    static OkHttpClient.Builder reaching(OkHttpClient.Builder client) {
        return client.dns(host -> List.of(InetAddress.getByName("localhost")))
                .sslSocketFactory(CLIENT.sslSocketFactory(), CLIENT.trustManager());
    }

    HttpUrl url(String path) {
        return at(name, path);
    }

    /** The same server by another name. */
    HttpUrl at(String otherName, String path) {
        return HttpUrl.get(scheme + "://" + otherName + ":" + server.getPort() + path);
    }

    FakeHub answers(int code, String... headers) {
        return answers(response(code, headers).build());
    }

    FakeHub answers(MockResponse response) {
        server.enqueue(response);
        return this;
    }

    FakeHub redirects(int code, Object location) {
        return answers(code, "Location", location.toString());
    }

    static MockResponse.Builder response(int code, String... headers) {
        MockResponse.Builder response = new MockResponse.Builder().code(code);
        for (int i = 0; i < headers.length; i += 2) {
            response.addHeader(headers[i], headers[i + 1]);
        }
        return response;
    }

    MockWebServer server() {
        return server;
    }

    /** Everything that arrived since last asked, in order. */
    List<RecordedRequest> requests() throws InterruptedException {
        List<RecordedRequest> arrived = new ArrayList<>();
        RecordedRequest next = server.takeRequest(0, TimeUnit.SECONDS);
        while (next != null) {
            arrived.add(next);
            next = server.takeRequest(0, TimeUnit.SECONDS);
        }
        return arrived;
    }

    /** The header of everything that arrived since last asked; {@code null} where it was missing. */
    List<String> seen(String header) throws InterruptedException {
        List<String> values = new ArrayList<>();
        for (RecordedRequest request : requests()) {
            values.add(request.getHeaders().get(header));
        }
        return values;
    }

    @Override
    public void close() {
        server.close();
    }
}
