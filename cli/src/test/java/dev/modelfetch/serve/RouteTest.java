package dev.modelfetch.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.RepoType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    private static Optional<Route> route(String path) {
        return Route.parts(path).flatMap(Route::of);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/models/gpt2, INFO, gpt2, '', ''",
        "/api/models/o/n, INFO, o/n, '', ''",
        "/api/datasets/o/n/revision/main, REVISION, datasets/o/n, main, ''",
        "/api/models/gpt2/tree/main, TREE, gpt2, main, ''",
        "/api/models/o/n/tree/refs%2Fpr%2F1/a%2Fb, TREE, o/n, refs/pr/1, a/b",
        "/api/models/o/n/tree/main/a/b, TREE, o/n, main, a/b",
        "/api/spaces/o/n/paths-info/v1, PATHS_INFO, spaces/o/n, v1, ''",
        "/api/models/o/n/refs, REFS, o/n, '', ''",
        "/api/models/o/n/commits/v1, COMMITS, o/n, v1, ''",
        "/api/models/o/n/auth-check, AUTH_CHECK, o/n, '', ''",
        "/o/n/resolve/main/a%20b/c%23.txt, RESOLVE, o/n, main, a b/c#.txt",
        "/o/n/resolve/refs/pr/1/x, RESOLVE, o/n, refs/pr/1, x",
        "/gpt2/resolve/main/config.json, RESOLVE, gpt2, main, config.json",
        "/datasets/o/n/raw/main/x, RAW, datasets/o/n, main, x",
        "/o/n/resolve/main/50%.txt, RESOLVE, o/n, main, 50%.txt",
        "/o/n.git/info/lfs/objects/batch, LFS_BATCH, o/n, '', ''",
        "/datasets/o/n.git/info/lfs/objects/batch, LFS_BATCH, datasets/o/n, '', ''"
    })
    void addressesOfTheHubAreTakenApart(String path, Route.Call call, String repo, String revision, String file) {
        Route route = route(path).orElseThrow();

        assertThat(route.call()).isEqualTo(call);
        assertThat(route.repo()).hasToString(repo);
        assertThat(route.revision()).isEqualTo(revision);
        assertThat(route.path()).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/models",
                "/api/whoami-v2",
                "/api/models/o/n/xet-read-token/main",
                "/api/models/o/n/commits",
                "/api/models/o/n/refs/more",
                "/o/n/resolve/main",
                "/o/n/tree/main",
                "/o/n/resolve/main/../x",
                "/o/n/resolve/main/..%2fx",
                "/o/n/resolve/main/%00",
                "/o--n/resolve/main/x",
                "/o/n.git/info/refs"
            })
    void everythingElseIsNone(String path) {
        assertThat(route(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=5-, 5, 95",
        "bytes=-5, 95, 5",
        "bytes=-500, 0, 100",
        "bytes=90-500, 90, 10",
        "bytes=100-, 100, 0"
    })
    void oneRangeIsRead(String header, long position, long count) {
        assertThat(ByteRange.of(header, 100)).contains(new ByteRange(position, count));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=6-5", "bytes=-", "bytes=99999999999999999999-"
            })
    void allElseIsPassedOver(String header) {
        assertThat(ByteRange.of(header, 100)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8090, true",
        "localhost:8090, true",
        "[::1]:8090, true",
        "127.1.2.3, true",
        "models.example.org, true",
        "rebound.example:8090, false",
        "10.0.0.1:8090, false",
        "'', false"
    })
    void onALoopbackAddressOnlyItsNamesAreMeant(String host, boolean own) {
        BoxOptions options = BoxOptions.of("https://models.example.org/hub", true, "1", Path.of("state"));

        assertThat(options.isFor(host)).isEqualTo(own);
        assertThat(options.prefix()).isEqualTo("/hub");
    }

    @Test
    void anAddressLeadsBackToItsFile() {
        Route route = route("/datasets/o/n/resolve/v1/a%20b/%E6%A8%A1.txt").orElseThrow();

        assertThat(Route.address(route.repo(), route.revision(), route.path()))
                .isEqualTo("/datasets/o/n/resolve/v1/a%20b/%E6%A8%A1.txt");
    }

    @Test
    void lookingForRepositoriesHasAnAddressOfItsOwn() {
        assertThat(Route.search(List.of("api", "datasets"))).contains(RepoType.DATASET);
        assertThat(Route.search(List.of("api", "others"))).isEmpty();
        assertThat(Route.search(List.of("api", "models", "gpt2"))).isEmpty();
    }
}
