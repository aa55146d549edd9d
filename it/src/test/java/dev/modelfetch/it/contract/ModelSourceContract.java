package dev.modelfetch.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.it.hub.Content;
import dev.modelfetch.it.hub.MiniHubs;
import dev.modelfetch.it.hub.Repository;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every source owes the engine. Extend it, start a hub that holds {@link #MODEL}, and say how it is reached. */
public abstract class ModelSourceContract {

    /** Names that have to be encoded, an empty file, a nested one, and a large one. */
    protected static final Repository MODEL = Repository.model("acme-lab/odd")
            .file("config.json", "{\"model_type\": \"aurora\"}\n")
            .file("empty.txt", "")
            .file("data/with blank #1 50%[a]+b.txt", "odd name\n")
            .file("文档/说明.md", "你好\n")
            .lfs("weights/model.bin", Content.generated(3, 200_000));

    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/odd");

    private final OkHttpClient client = new OkHttpClient();
    private MiniHubs hubs;
    private ModelSource source;

    /** The provider under test. */
    protected abstract ModelSourceProvider provider();

    /** Address of a hub that holds {@link #MODEL}. */
    protected abstract String endpoint(MiniHubs running);

    @BeforeEach
    void start() {
        hubs = MiniHubs.start(MODEL);
        HttpUrl endpoint = HttpUrl.get(endpoint(hubs)).resolve("/");
        source = provider().create(new SourceContext(provider().id(), endpoint, client, client, false, true, Map.of()));
    }

    @AfterEach
    void stop() {
        hubs.close();
    }

    @Test
    void isKnownWithoutAConnection() {
        assertThat(source.profile().id()).isEqualTo(provider().id());
        assertThat(source.profile().maxConnections()).isPositive();
        assertThat(hubs.ledger().visits()).isEmpty();
    }

    @Test
    void pinsTheDefaultBranchToTheSameCommitEachTime() throws SourceException {
        Resolved first = source.resolve(REPO, null);

        assertThat(first.commit()).matches("[0-9a-f]{40}");
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
    void theBytesBehindARequestHaveTheDigestOfTheListing() throws Exception {
        Manifest manifest = source.list(source.resolve(REPO, null));

        for (RepoFile file : manifest.files()) {
            Request request = source.request(manifest, file);
            assertThat(request.url().host())
                    .isEqualTo(source.profile().endpoint().host());
            assertThat(request.url().port())
                    .isEqualTo(source.profile().endpoint().port());
            try (Response response = client.newCall(request.newBuilder()
                            .header("Accept-Encoding", "identity")
                            .build())
                    .execute()) {
                Content bytes = Content.bytes(response.body().bytes());
                assertThat(bytes.size()).as(file.path()).isEqualTo(file.size());
                assertThat(Set.of(bytes.sha256(), bytes.gitBlob()))
                        .as(file.path())
                        .contains(file.digest().orElseThrow().hex());
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
        RepoFile ghost = new RepoFile("no/such.file", 1, null, null, false);

        try (Response response = client.newCall(source.request(manifest, ghost)).execute()) {
            assertThat(response.isSuccessful()).isFalse();
            assertThat(source.explain(response).kind()).isEqualTo(Verdict.Kind.NOT_HERE);
        }
    }

    private Verdict verdictOf(Repo repo, String revision) {
        SourceException refusal = catchThrowableOfType(SourceException.class, () -> source.resolve(repo, revision));
        assertThat(refusal.verdict().detail()).isNotBlank();
        return refusal.verdict();
    }
}
