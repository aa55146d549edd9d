package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.modelfetch.spi.Hiccup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client for listings, with the pauses that servers ask for set to zero. */
class RetriesTest {

    private final FakeHub hub = FakeHub.plain("localhost");
    private final HttpClients clients =
            new HttpClients("test", new Routes(Map.of(), Map.of()), HttpClients.Timeouts.DEFAULT);
    private final HttpUrl endpoint = hub.url("/");
    private final OkHttpClient calls = clients.calls("hub", endpoint, null);

    @AfterEach
    void stop() {
        clients.close();
        hub.close();
    }

    // 502 where requests are counted: OkHttp itself repeats a 503 with Retry-After 0 once.
    private Call call(OkHttpClient client) {
        return client.newCall(new Request.Builder().url(hub.url("/api")).build());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatMayPassIsAskedAgain(int status) throws Exception {
        hub.answers(status, "Retry-After", "0")
                .answers(status, "Retry-After", "0")
                .answers(200);

        try (Response response = call(calls).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }

        assertThat(hub.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 410, 501, 505})
    void whatWillNotPassIsAFinalAnswer(int status) throws Exception {
        hub.answers(status, "Retry-After", "0").answers(200);

        try (Response response = call(calls).execute()) {
            assertThat(response.code()).isEqualTo(status);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void afterFiveRetriesTheLastAnswerStands() throws Exception {
        for (int i = 0; i < 5; i++) {
            hub.answers(502, "Retry-After", "0");
        }
        hub.answers(FakeHub.response(502, "Retry-After", "0").body("still down").build());

        try (Response response = call(calls).execute()) {
            assertThat(response.code()).isEqualTo(502);
            assertThat(response.body().string()).isEqualTo("still down");
        }

        assertThat(hub.requests()).hasSize(6);
    }

    @Test
    void aHubThatWantsALongPauseIsNotWaitedFor() throws Exception {
        hub.answers(429, "Retry-After", "61").answers(200);

        try (Response response = call(calls).execute()) {
            assertThat(response.code()).isEqualTo(429);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void aPauseThatWouldOutlastTheQuestionIsNotBegun() throws Exception {
        HttpClients hurried = new HttpClients(
                "test",
                new Routes(Map.of(), Map.of()),
                new HttpClients.Timeouts(Optional.of(Duration.ofMinutes(1)), Duration.ofSeconds(59), Optional.empty()));
        hub.answers(429, "Retry-After", "60").answers(200);

        try (Response response = call(hurried.calls("hub", endpoint, null)).execute()) {
            assertThat(response.code()).isEqualTo(429);
        }

        hurried.close();
    }

    @Test
    void aBrokenConnectionIsTriedAgain() throws Exception {
        hub.answers(FakeHub.response(200)
                        .onRequestStart(new SocketEffect.CloseSocket())
                        .build())
                .answers(200);

        try (Response response = call(calls).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    @Test
    void aQuestionAskedWithPostIsRepeatedWhole() throws Exception {
        hub.answers(503, "Retry-After", "0").answers(200);
        RequestBody body = RequestBody.create("paths=a", MediaType.get("application/x-www-form-urlencoded"));

        calls.newCall(new Request.Builder().url(hub.url("/api")).post(body).build())
                .execute()
                .close();

        assertThat(hub.requests())
                .extracting(request -> request.getBody().utf8())
                .containsExactly("paths=a", "paths=a");
    }

    @Test
    void aRefusalThatItsQuestionDoesNotTakeAtItsWordIsRepeatedThrice() throws Exception {
        for (int i = 0; i < 5; i++) {
            hub.answers(403, "Retry-After", "0");
        }
        Request question = new Request.Builder()
                .url(hub.url("/api"))
                .tag(Hiccup.class, refusal -> refusal.code() == 403)
                .build();

        try (Response response = calls.newCall(question).execute()) {
            assertThat(response.code()).isEqualTo(403);
        }

        assertThat(hub.requests()).hasSize(4);
    }

    @Test
    void aRefusalThatIsMeantIsNotRepeated() throws Exception {
        hub.answers(403, "Retry-After", "0").answers(200);
        Request question = new Request.Builder()
                .url(hub.url("/api"))
                .tag(Hiccup.class, refusal -> refusal.code() == 404)
                .build();

        try (Response response = calls.newCall(question).execute()) {
            assertThat(response.code()).isEqualTo(403);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void aRefusedRedirectIsNotRepeated() throws Exception {
        for (int i = 0; i < 20; i++) {
            hub.redirects(307, "/again");
        }

        assertThatExceptionOfType(RefusedRedirect.class)
                .isThrownBy(() -> call(calls).execute());

        assertThat(hub.requests()).hasSize(6);
    }

    @Test
    void theTokenIsShownAtEveryAttempt() throws Exception {
        hub.answers(503, "Retry-After", "0").answers(200);

        call(clients.calls("hub", endpoint, new Secret("t"))).execute().close();

        assertThat(hub.seen("Authorization")).containsExactly("Bearer t", "Bearer t");
    }

    @Test
    void aCancelledCallIsNotRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        OkHttpClient cancelling = calls.newBuilder()
                .addInterceptor(chain -> {
                    attempts.incrementAndGet();
                    chain.call().cancel();
                    throw new IOException("cut");
                })
                .build();

        assertThatIOException().isThrownBy(() -> call(cancelling).execute());

        assertThat(attempts).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        Thread caller = Thread.currentThread();
        hub.server().setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                caller.interrupt();
                return FakeHub.response(503, "Retry-After", "59").build();
            }
        });

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> call(calls).execute());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void aProbeRepeatsNothing() throws IOException, InterruptedException {
        hub.answers(502, "Retry-After", "0").answers(200);

        try (Response response = call(clients.probes("hub", endpoint, null)).execute()) {
            assertThat(response.code()).isEqualTo(502);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void a408IsNotRepeatedBehindOurBackEither() throws Exception {
        hub.answers(408).answers(200);

        try (Response response = call(clients.probes("hub", endpoint, null)).execute()) {
            assertThat(response.code()).isEqualTo(408);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void aDataCallRepeatsNothing() throws IOException, InterruptedException {
        hub.answers(502, "Retry-After", "0").answers(200);

        try (Response response = call(clients.data("hub", endpoint, null, Set.of(), Duration.ofSeconds(15)))
                .execute()) {
            assertThat(response.code()).isEqualTo(502);
        }

        assertThat(hub.requests()).hasSize(1);
    }
}
