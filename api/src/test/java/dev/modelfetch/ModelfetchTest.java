package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the builder takes, as it arrives at a host. */
class ModelfetchTest {

    private static final byte[] CONTENT = Bytes.random(100, 3);

    @TempDir
    Path home;

    private final FileHost host = new FileHost().holds("a.bin", CONTENT);
    private final FakeSource origin = FakeSource.huggingface(host.url()).listing(Bytes.large("a.bin", CONTENT));

    @AfterEach
    void close() {
        host.close();
    }

    private Modelfetch.Builder builder() {
        return Modelfetch.builder().cacheDirectory(home).withoutDiscovery().provider(FakeProvider.of(origin));
    }

    private static FetchRequest.Builder request() {
        return FetchRequest.builder(FakeSource.REPO);
    }

    private List<String> seen(String header) {
        return host.requests().stream()
                .map(RecordedRequest::getHeaders)
                .map(headers -> String.valueOf(headers.get(header)))
                .toList();
    }

    @Test
    void everyMistakeInTheSettingsIsNamedAtOnce() {
        FetchException.Usage usage = catchThrowableOfType(
                FetchException.Usage.class,
                () -> builder()
                        .endpoint("huggingface", "ftp://hub.test")
                        .token("huggingface", "two words")
                        .proxy("huggingface", "gopher://a")
                        .caBundle(home.resolve("missing.pem"))
                        .endpoint("nowhere", "https://hub.test")
                        .build());

        assertThat(usage)
                .hasMessageContaining("ftp://hub.test")
                .hasMessageContaining("The token for huggingface")
                .hasMessageContaining("is not a proxy address")
                .hasMessageContaining("missing.pem")
                .hasMessageContaining("There is no source \"nowhere\"")
                .hasMessageNotContaining("two words");
        assertThat(usage.getSuppressed()).hasSize(5);
    }

    @Test
    void aTokenIsAskedForWheneverItIsShown() {
        AtomicInteger asked = new AtomicInteger();
        try (Modelfetch modelfetch = builder()
                .token("huggingface", () -> "token-" + asked.incrementAndGet())
                .build()) {
            modelfetch.fetch(request().build());
            modelfetch.fetch(request().force(true).build());
            assertThat(modelfetch.sources()).extracting(SourceInfo::hasToken).containsExactly(true);
        }

        assertThat(seen("Authorization")).containsExactly("Bearer token-1", "Bearer token-2");
    }

    @Test
    void aRequestMayBringATokenOfItsOwn() {
        try (Modelfetch modelfetch = builder().token("huggingface", "usual").build()) {
            modelfetch.fetch(request().token("huggingface", "own").build());
            modelfetch.fetch(request().force(true).build());
        }

        assertThat(seen("Authorization")).containsExactly("Bearer own", "Bearer usual");
        assertThat(request().token("huggingface", "own").build().toString())
                .contains("huggingface")
                .doesNotContain("own");
    }

    @Test
    void aTokenOfARequestForASourceThatDoesNotExistIsRefused() {
        try (Modelfetch modelfetch = builder().build()) {
            FetchException.Usage usage = catchThrowableOfType(
                    FetchException.Usage.class,
                    () -> modelfetch.fetch(request().token("nowhere", "own").build()));
            assertThat(usage).hasMessageContaining("nowhere").hasMessageNotContaining("own.");
        }
    }

    @Test
    void ofWhatIsPublicTheNameMayBeShownToOthersAlthoughATokenIsConfigured() {
        FakeSource away = FakeSource.huggingface().refusing(new Verdict.Down("connect timed out", false));
        FakeSource mirror = FakeSource.mirror(host.url()).listing(Bytes.large("a.bin", CONTENT));
        try (Modelfetch modelfetch = Modelfetch.builder()
                .cacheDirectory(home)
                .withoutDiscovery()
                .provider(FakeProvider.of(away))
                .provider(FakeProvider.of(mirror))
                .token("huggingface", "secret")
                .build()) {
            FetchException strict = catchThrowableOfType(
                    FetchException.class, () -> modelfetch.fetch(request().build()));
            assertThat(strict).isInstanceOf(FetchException.Unreachable.class);
            assertThat(mirror.asked()).isZero();

            Snapshot snapshot = modelfetch.fetch(request().isPublic(true).build());

            assertThat(snapshot.source()).isEqualTo("mirror");
        }
        assertThat(seen("Authorization")).containsOnly("null");
    }

    @Test
    void whoAsksIsNamedBeforeUs() {
        try (Modelfetch modelfetch = builder().userAgent("catalogue/2.1").build()) {
            modelfetch.fetch(request().build());
        }

        assertThat(seen("User-Agent")).allMatch(agent -> agent.startsWith("catalogue/2.1 modelfetch/"));
    }

    @Test
    void theProgramsProxySelectorDecides() {
        List<URI> asked = new CopyOnWriteArrayList<>();
        ProxySelector selector = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                                "127.0.0.1", host.url().port())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, java.io.IOException failure) {
                throw new AssertionError(failure);
            }
        };
        try (Modelfetch modelfetch = builder().proxySelector(selector).build()) {
            assertThat(modelfetch.sources())
                    .extracting(SourceInfo::route)
                    .containsExactly("http://127.0.0.1:" + host.url().port());
            modelfetch.fetch(request().build());
        }

        assertThat(asked).isNotEmpty();
        assertThat(host.requests()).allMatch(request -> request.getRequestLine().startsWith("GET http://"));
    }

    @Test
    void threadsMayBeTheProgramsOwn() {
        List<Thread> made = new ArrayList<>();
        try (Modelfetch modelfetch = builder()
                .threads(task -> {
                    Thread thread = new Thread(task, "own");
                    thread.setDaemon(true);
                    synchronized (made) {
                        made.add(thread);
                    }
                    return thread;
                })
                .build()) {
            modelfetch.fetch(
                    request().build(),
                    event -> assertThat(Thread.currentThread().getName()).isEqualTo("own"));
        }
        assertThat(made).isNotEmpty();
    }

    @Test
    void defaultsOfThisInstanceAreWhatRequestsBeginWith() {
        try (Modelfetch modelfetch =
                builder().defaults(request -> request.maxWorkers(2).priority(7)).build()) {
            FetchRequest request = modelfetch.request("demo-lab/tiny-gpt").build();
            assertThat(request.maxWorkers()).isEqualTo(2);
            assertThat(request.priority()).isEqualTo(7);
        }
    }

    @Test
    void everyJobIsHeardOfBeforeItsFirstEvent() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Modelfetch modelfetch = builder()
                .listener(job -> {
                    heard.add("begins " + job.request().repo());
                    return event -> heard.add(event.word());
                })
                .build()) {
            modelfetch.fetch(request().build());
        }

        assertThat(heard).first().isEqualTo("begins demo-lab/tiny-gpt");
        assertThat(heard).last().isEqualTo("done");
    }

    @Test
    void connectionsAreSecuredAsTheProgramSays() throws Exception {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates client = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        try (FileHost secured = FileHost.secured(server).holds("a.bin", CONTENT)) {
            FakeSource hub = FakeSource.huggingface(secured.url()).listing(Bytes.large("a.bin", CONTENT));
            try (Modelfetch modelfetch = Modelfetch.builder()
                    .cacheDirectory(home)
                    .withoutDiscovery()
                    .provider(FakeProvider.of(hub))
                    .tls(client.sslContext(), client.trustManager())
                    .build()) {
                assertThat(modelfetch.fetch(request().build()).file("a.bin")).hasBinaryContent(CONTENT);
            }
        }
    }
}
