package dev.modelfetch.it.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.testing.hub.Content;
import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHub;
import dev.modelfetch.testing.hub.MiniHubs;
import dev.modelfetch.testing.hub.Repository;
import dev.modelfetch.testing.hub.TreeFace;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ServiceLoader;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSourceTest {

    private static final Repository MODEL = Repository.model("acme-lab/tiny")
            .file("config.json", "{}\n")
            .lfs("sub dir/m#1.bin", Content.generated(1, 5000));
    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/tiny");

    private final MiniHubs hubs = MiniHubs.start();
    private final MiniHub<TreeFace> tree = hubs.tree(MODEL);
    private final OkHttpClient client = new OkHttpClient();
    private final ModelSource source = new TreeProvider().create(context());

    @AfterEach
    void stop() {
        hubs.close();
    }

    @Test
    void everyFileIsListedAndCanBeFetched() throws Exception {
        Manifest manifest = source.list(source.resolve(REPO, null));
        RepoFile large = manifest.file("sub dir/m#1.bin").orElseThrow();

        assertThat(manifest.commit()).hasSize(40);
        assertThat(manifest.files()).extracting(RepoFile::path).containsExactly("config.json", "sub dir/m#1.bin");
        try (Response response = client.newCall(source.request(manifest, large)).execute()) {
            assertThat(Content.bytes(response.body().bytes()).sha256())
                    .isEqualTo(large.sha256().hex());
        }
    }

    @Test
    void aChangedTreeIsAnotherCommit() throws Exception {
        Resolved before = source.resolve(REPO, "main");
        tree.catalogue().put(MODEL.file("config.json", "{\"a\": 1}\n"));

        assertThat(source.resolve(REPO, null).commit()).isNotEqualTo(before.commit());
        assertRefused(() -> source.list(before), Verdict.Kind.NOT_HERE);
        assertRefused(() -> source.resolve(REPO, "v1.0"), Verdict.Kind.NOT_HERE);
    }

    @Test
    void troubleIsToldApart() {
        assertRefused(() -> source.resolve(Repo.of(RepoType.MODEL, "acme-lab/nope"), null), Verdict.Kind.NOT_HERE);
        tree.faults().add(Fault.webPage());
        assertRefused(() -> source.resolve(REPO, null), Verdict.Kind.BLOCKED);
        tree.faults().clear().add(Fault.status(503));
        assertRefused(() -> source.resolve(REPO, null), Verdict.Kind.DOWN);
        tree.server().refuse();
        assertRefused(() -> source.resolve(REPO, null), Verdict.Kind.DOWN);
    }

    @Test
    void aJarWithTheServiceFileIsAllItTakes(@TempDir Path directory) throws Exception {
        URL jar = SampleJar.ofTree(directory).toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, ModelSourceProvider.class.getClassLoader())) {
            assertThat(ServiceLoader.load(ModelSourceProvider.class, loader))
                    .extracting(ModelSourceProvider::id)
                    .contains("tree");
        }
        assertThat(ServiceLoader.load(ModelSourceProvider.class))
                .extracting(ModelSourceProvider::id)
                .doesNotContain("tree");
    }

    private static void assertRefused(ThrowingCallable call, Verdict.Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.verdict().kind()).isEqualTo(kind));
    }

    private SourceContext context() {
        return SourceContext.of("tree", URI.create(tree.endpoint() + "/"), client);
    }
}
