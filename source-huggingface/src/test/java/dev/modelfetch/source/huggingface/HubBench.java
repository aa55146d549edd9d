package dev.modelfetch.source.huggingface;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of this module share: a repository, its answers, and what the engine would lend a source. */
final class HubBench {

    static final String COMMIT = "eb1e3bafe74bcf276fa07e91d5176e6a69947da3";
    static final Repo AURORA = Repo.of(RepoType.MODEL, "acme-lab/aurora-7b");
    static final Resolved PINNED = new Resolved(AURORA, "main", COMMIT);
    static final String INFO = "/api/models/acme-lab/aurora-7b";
    static final String MAIN = INFO + "/revision/main";
    static final String TREE = INFO + "/tree/" + COMMIT;
    static final String FIRST_PAGE = TREE + "?recursive=true&expand=false";

    private HubBench() {}

    /** Follows redirects on the endpoint's own origin and hands back all others, as the engine does. */
    static SourceContext context(String endpoint, boolean hasToken) {
        HttpUrl base = HttpUrl.get(endpoint);
        OkHttpClient client = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .addInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    while (response.isRedirect()) {
                        Request asked = response.request();
                        HttpUrl target = asked.url().resolve(String.valueOf(response.header("Location")));
                        if (target == null || !target.host().equals(base.host()) || target.port() != base.port()) {
                            return response;
                        }
                        response.close();
                        response = chain.proceed(asked.newBuilder().url(target).build());
                    }
                    return response;
                })
                .build();
        SourceContext context = SourceContext.of("huggingface", base.uri(), client);
        return hasToken ? context.withToken() : context;
    }

    static HuggingFaceSource source(WireMockExtension hub) {
        return source(hub, false);
    }

    static HuggingFaceSource source(WireMockExtension hub, boolean hasToken) {
        return new HuggingFaceSource(context(hub.baseUrl() + "/", hasToken));
    }

    static ResponseDefinitionBuilder json(String body) {
        return aResponse()
                .withHeader("Content-Type", "application/json; charset=utf-8")
                .withBody(body);
    }

    /** An answer from the file of that name. */
    static ResponseDefinitionBuilder recorded(String name) {
        try (InputStream file = HubBench.class.getResourceAsStream(name)) {
            return json(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    /** The verdict that a question ends with. */
    static Verdict verdictOf(ThrowingCallable question) {
        SourceException failure = Assertions.catchThrowableOfType(SourceException.class, question);
        Assertions.assertThat(failure).as("the question should have failed").isNotNull();
        return failure.verdict();
    }
}
