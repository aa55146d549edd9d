package dev.modelfetch.source.modelscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.ListingBounds;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A hub on loopback, told what to answer, and sources that ask it. */
final class Hub extends WireMockExtension {

    static final String HEAD = "c3baf5b57e2973a9c8010a2dc0f3d2b4997e1cfa";
    static final Repo MODEL = new Repo(RepoType.MODEL, "acme-lab/aurora-7b", "modelscope");
    static final Repo DATASET = new Repo(RepoType.DATASET, "AI-MO/NuminaMath-1.5", "modelscope");

    private static final OkHttpClient CLIENT =
            new OkHttpClient.Builder().followRedirects(false).build();

    Hub() {
        super(WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()));
    }

    ModelSource source() {
        return source(false, Map.of());
    }

    ModelSource source(boolean hasToken, Map<String, String> aliases) {
        return source(address("/"), hasToken, aliases);
    }

    /** A source whose endpoint has a path prefix. */
    ModelSource sourceAt(String prefix) {
        return source(address(prefix), false, Map.of());
    }

    /** A source of a hub that is never asked. */
    static ModelSource sourceOf(String endpoint) {
        return source(HttpUrl.get(endpoint), false, Map.of());
    }

    private static ModelSource source(HttpUrl endpoint, boolean hasToken, Map<String, String> aliases) {
        SourceContext context =
                SourceContext.of("modelscope", endpoint.uri(), CLIENT).withAliases(aliases);
        return new ModelScopeProvider().create(hasToken ? context.withToken() : context);
    }

    /** Asks without the source around it. */
    ModelScopeClient client() {
        return new ModelScopeClient(address("/"), CLIENT, new ModelScopeErrors(false));
    }

    /** Bounds of a listing whose every question takes half an hour. */
    static ListingBounds slow() {
        AtomicLong clock = new AtomicLong();
        return new ListingBounds(
                "hub.test", () -> clock.getAndAdd(Duration.ofMinutes(30).toNanos()));
    }

    HttpUrl address(String path) {
        return HttpUrl.get(baseUrl() + path);
    }

    /** A call about a repository, for example {@code models/acme-lab/aurora-7b/commits}. */
    static MappingBuilder call(String path) {
        return get(urlPathEqualTo("/api/v1/" + path));
    }

    static MappingBuilder commits(Repo repo) {
        return call(repo.type().plural() + "/" + repo.id() + "/commits");
    }

    static MappingBuilder revisions(Repo repo) {
        return call(repo.type().plural() + "/" + repo.id() + "/revisions");
    }

    static MappingBuilder files(Repo repo) {
        return call("models/" + repo.id() + "/repo/files");
    }

    static MappingBuilder tree(Repo repo) {
        return call("datasets/" + repo.id() + "/repo/tree");
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json; charset=utf-8")
                .withBody(body);
    }

    /** A success whose {@code Data} is this JSON. */
    static ResponseDefinitionBuilder data(String data) {
        return json(
                200,
                "{\"Code\":200,\"Message\":\"success\",\"RequestId\":\"r\",\"Success\":true,\"Data\":" + data + "}");
    }

    static ResponseDefinitionBuilder failure(int status, long code, String message) {
        return json(
                status,
                "{\"Code\":" + code + ",\"Message\":\"" + message + "\",\"RequestId\":\"r\",\"Success\":false}");
    }

    static ResponseDefinitionBuilder noRepository() {
        return failure(404, 10010205001L, "获取模型信息失败，信息：record not found");
    }

    static ResponseDefinitionBuilder commit(String id) {
        return data("{\"Commit\":[{\"Id\":\"" + id + "\",\"ShortId\":\"x\"}]}");
    }

    static ResponseDefinitionBuilder recorded(String name) {
        try (InputStream in = Objects.requireNonNull(Hub.class.getResourceAsStream(name), name)) {
            return json(200, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Paths and queries asked for so far, oldest first. */
    List<String> asked() {
        List<String> urls = new ArrayList<>();
        requests().forEach(request -> urls.add(0, request.getUrl()));
        return urls;
    }

    /** Requests so far, newest first. */
    List<LoggedRequest> requests() {
        return getAllServeEvents().stream().map(ServeEvent::getRequest).toList();
    }

    /** The verdict with which a call must fail. */
    static Verdict verdictOf(ThrowingCallable call) {
        Throwable thrown = Assertions.catchThrowable(call);
        Assertions.assertThat(thrown).isInstanceOf(SourceException.class);
        return ((SourceException) thrown).verdict();
    }
}
