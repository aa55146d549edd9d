package dev.modelfetch.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every source owes the engine, as tests. Extend it, make a hub of the kind hold {@link #MODEL}, and say how it is
 * reached:
 *
 * <pre>{@code
 * class ShelfSourceTest extends ModelSourceContract {
 *     @TempDir Path root;
 *
 *     @Override
 *     protected ModelSourceProvider provider() {
 *         return new ShelfProvider();
 *     }
 *
 *     @Override
 *     protected URI publish(Repository model) throws IOException {
 *         for (StoredFile file : model.head().files().values()) {
 *             // ... put file.content() where the source looks for file.path() of model.id() ...
 *         }
 *         return root.toUri();
 *     }
 * }
 * }</pre>
 *
 * <p>Needs JUnit Jupiter and AssertJ on the class path of the test.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ModelSourceContract {

    /** Names that have to be encoded, an empty file, a nested one, and a large one. */
    protected static final Repository MODEL = Repository.model("acme-lab/odd")
            .file("config.json", "{\"model_type\": \"aurora\"}\n")
            .file("empty.txt", "")
            .file("data/with blank #1 50%[a]+b.txt", "odd name\n")
            .file("文档/说明.md", "你好\n")
            .lfs("weights/model.bin", Content.generated(3, 200_000));

    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/odd");

    private final AtomicInteger calls = new AtomicInteger();
    private final OkHttpClient client = new OkHttpClient();
    private ModelSource source;

    /** The provider under test. */
    protected abstract ModelSourceProvider provider();

    /**
     * Puts it where the source under test finds it: on a server that is started for this, in a bucket, in a directory.
     *
     * @return the endpoint for the source
     */
    protected abstract URI publish(Repository model) throws IOException;

    @BeforeEach
    void start() throws IOException {
        Call.Factory counted = request -> {
            calls.incrementAndGet();
            return client.newCall(request);
        };
        source = provider().create(SourceContext.of(provider().id(), publish(MODEL), counted));
    }

    @AfterEach
    void stop() {
        source.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @Test
    void isKnownWithoutAConnection() {
        assertThat(source.profile().id()).isEqualTo(provider().id());
        assertThat(source.profile().maxConnections()).isPositive();
        assertThat(calls).hasValue(0);
    }

    @Test
    void pinsTheDefaultBranchToTheSameCommitEachTime() throws SourceException {
        Resolved first = source.resolve(REPO, null);

        assertThat(first.commit()).matches(Manifest::isCommit);
        assertThat(source.resolve(REPO, null)).isEqualTo(first);
        assertThat(source.resolve(REPO, "main").commit()).isEqualTo(first.commit());
        assertThat(source.resolve(REPO, first.commit()).commit()).isEqualTo(first.commit());
    }

    @Test
    void listsEveryFileOnceWithItsSizeAtThatCommit() throws SourceException {
        Resolved resolved = source.resolve(REPO, null);
        Manifest manifest = source.list(resolved);

        assertThat(manifest.commit()).isEqualTo(resolved.commit());
        assertThat(manifest.family()).isEqualTo(source.profile().family());
        assertThat(manifest.source()).isEqualTo(provider().id());
        assertThat(manifest.complete()).isTrue();
        Map<String, Long> sizes = manifest.files().stream().collect(Collectors.toMap(RepoFile::path, RepoFile::size));
        MODEL.head()
                .files()
                .forEach((path, file) ->
                        assertThat(sizes).containsEntry(path, file.content().size()));
    }

    @Test
    void theBytesHaveTheDigestOfTheListing() throws Exception {
        Manifest manifest = source.list(source.resolve(REPO, null));

        for (RepoFile file : manifest.files()) {
            Content bytes = Content.bytes(bytes(manifest, file));
            assertThat(bytes.size()).as(file.path()).isEqualTo(file.size());
            // A row without a digest is allowed; whoever has one keeps it.
            file.digest()
                    .ifPresent(digest -> assertThat(Set.of(bytes.sha256(), bytes.gitBlob()))
                            .as(file.path())
                            .contains(digest.hex()));
        }
    }

    /** As the engine gets them: from the source itself, or by its request. */
    private byte[] bytes(Manifest manifest, RepoFile file) throws IOException, SourceException {
        Optional<ByteStream> own = source.open(manifest, file, new ByteRange(0, file.size()));
        if (own.isPresent()) {
            assertThat(own.get().start()).isZero();
            try (InputStream stream = own.get().bytes()) {
                return stream.readAllBytes();
            }
        }
        Request request = source.request(manifest, file);
        assertThat(request.url().host()).isEqualTo(source.profile().endpoint().getHost());
        assertThat(request.url().port()).isEqualTo(source.profile().endpoint().getPort());
        try (Response response = client.newCall(request.newBuilder()
                        .header("Accept-Encoding", "identity")
                        .build())
                .execute()) {
            return response.body().bytes();
        }
    }

    @Test
    void aPieceThatIsHandedOutBeginsWhereItIsWantedOrBefore() throws Exception {
        Manifest manifest = source.list(source.resolve(REPO, null));
        RepoFile large = manifest.file("weights/model.bin").orElseThrow();
        byte[] whole = bytes(manifest, large);
        ByteRange range = new ByteRange(100_000, 150_000);

        Optional<ByteStream> own = source.open(manifest, large, range);

        if (own.isPresent()) {
            assertThat(own.get().start()).isBetween(0L, range.from());
            try (InputStream stream = own.get().bytes()) {
                int start = (int) own.get().start();
                byte[] some = stream.readNBytes((int) range.to() - start);
                assertThat(some).isEqualTo(Arrays.copyOfRange(whole, start, (int) range.to()));
            }
        }
    }

    @Test
    void whatIsNotThereIsToldApartFromTrouble() {
        assertThat(verdictOf(Repo.of(RepoType.MODEL, "acme-lab/nope"), null).kind())
                .isEqualTo(Verdict.Kind.NOT_HERE);
        assertThat(verdictOf(REPO, "no-such-branch").kind()).isEqualTo(Verdict.Kind.NOT_HERE);
    }

    @Test
    void aRefusalOfBytesIsExplained() throws SourceException, IOException {
        Manifest manifest = source.list(source.resolve(REPO, null));
        RepoFile ghost = RepoFile.of("no/such.file", 1);

        try {
            Optional<ByteStream> own = source.open(manifest, ghost, new ByteRange(0, 1));
            assertThat(own).isEmpty();
        } catch (IOException | SourceException refused) {
            return;
        }
        try (Response response = client.newCall(source.request(manifest, ghost)).execute()) {
            assertThat(response.isSuccessful()).isFalse();
            assertThat(source.explain(response).kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        }
    }

    private Verdict verdictOf(Repo repo, @Nullable String revision) {
        SourceException refusal = catchThrowableOfType(SourceException.class, () -> source.resolve(repo, revision));
        assertThat(refusal).as("what comes of %s at %s", repo, revision).isNotNull();
        assertThat(refusal.verdict().detail()).isNotBlank();
        return refusal.verdict();
    }
}
