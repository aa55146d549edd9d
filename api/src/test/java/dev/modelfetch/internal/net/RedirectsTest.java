package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.Set;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules M2 and M3 of mirrors.md and the token matrix of its 6.1, over real sockets. */
class RedirectsTest {

    private static final String BEARER = "Bearer hub-token";

    private final FakeHub hub = FakeHub.secure("hub.test");
    private final FakeHub cdn = FakeHub.secure("cdn.test");
    private final OkHttpClient plain = FakeHub.reaching(
                    new OkHttpClient.Builder().followRedirects(false).followSslRedirects(false))
            .build();

    @AfterEach
    void stop() {
        hub.close();
        cdn.close();
        plain.connectionPool().evictAll();
    }

    private Response ask(Redirects redirects, Request request) throws IOException {
        return plain.newBuilder()
                .addInterceptor(redirects)
                .build()
                .newCall(request)
                .execute();
    }

    private Redirects control() {
        return new Redirects(hub.url("/"), new Secret("hub-token"), Redirects.controlPlane(hub.url("/")));
    }

    private Redirects data(HttpUrl... others) {
        return new Redirects(hub.url("/"), new Secret("hub-token"), Redirects.dataPlane(hub.url("/"), Set.of(others)));
    }

    private static Request get(HttpUrl url) {
        return new Request.Builder().url(url).build();
    }

    @Test
    void aRelativeRedirectIsFollowedWithItsQueryAndTheToken() throws Exception {
        hub.redirects(307, "/api/resolve-cache/models/a/b?etag=%22x%2Fy%22&z").answers(200);

        try (Response response = ask(control(), get(hub.url("/acme/tiny/resolve/main/a?download=true")))) {
            assertThat(response.code()).isEqualTo(200);
        }

        assertThat(hub.requests())
                .extracting(
                        RecordedRequest::getTarget,
                        request -> request.getHeaders().get("Authorization"))
                .containsExactly(
                        tuple("/acme/tiny/resolve/main/a?download=true", BEARER),
                        tuple("/api/resolve-cache/models/a/b?etag=%22x%2Fy%22&z", BEARER));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void aQuestionAskedWithPostStaysOne(int code) throws Exception {
        hub.redirects(code, "/api/models/new/paths-info/main").answers(200);
        Request question = new Request.Builder()
                .url(hub.url("/api/models/old/paths-info/main"))
                .post(RequestBody.create("paths=a&paths=b", MediaType.get("application/x-www-form-urlencoded")))
                .build();

        ask(control(), question).close();

        assertThat(hub.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getBody()).isNotNull();
            assertThat(request.getBody().utf8()).isEqualTo("paths=a&paths=b");
        });
    }

    @Test
    void aDataHostSeesNeitherTokenNorCookie() throws Exception {
        hub.answers(302, "Location", cdn.url("/blob?sig=1").toString(), "Set-Cookie", "session=1");
        cdn.answers(206);

        Request ranged =
                get(hub.url("/x")).newBuilder().header("Range", "bytes=0-9").build();
        try (Response response = ask(data(), ranged)) {
            assertThat(response.code()).isEqualTo(206);
        }

        assertThat(hub.seen("Authorization")).containsExactly(BEARER);
        RecordedRequest atCdn = cdn.requests().get(0);
        assertThat(atCdn.getHeaders().get("Authorization")).isNull();
        assertThat(atCdn.getHeaders().get("Cookie")).isNull();
        assertThat(atCdn.getHeaders().get("Range")).isEqualTo("bytes=0-9");
        assertThat(atCdn.getTarget()).isEqualTo("/blob?sig=1");
    }

    @Test
    void theSameHostOnAnotherPortIsAnotherOrigin() throws Exception {
        hub.redirects(302, cdn.at("hub.test", "/x"));
        cdn.answers(200);

        ask(data(), get(hub.url("/x"))).close();

        assertThat(cdn.seen("Authorization")).containsExactly((String) null);
    }

    @Test
    void backAtItsOwnOriginTheTokenMayBeShownAgain() throws Exception {
        hub.redirects(302, cdn.url("/x")).answers(200);
        cdn.redirects(302, hub.url("/y"));

        ask(data(), get(hub.url("/x"))).close();

        assertThat(hub.seen("Authorization")).containsExactly(BEARER, BEARER);
        assertThat(cdn.seen("Authorization")).containsExactly((String) null);
    }

    @Test
    void aLaterHopBelowADataHostStaysWithoutToken() throws Exception {
        hub.redirects(302, cdn.url("/x"));
        cdn.redirects(302, "/y").redirects(302, cdn.at("eu.test", "/z")).answers(200);

        ask(data(), get(hub.url("/x"))).close();

        assertThat(cdn.seen("Authorization")).containsExactly(null, null, null);
    }

    @Test
    void threeHopsAwayFromTheHubAreFollowedAndTheFourthIsRefused() throws Exception {
        hub.redirects(302, cdn.url("/1"));
        cdn.redirects(302, "/2").redirects(302, "/3").redirects(302, "/4").answers(200);

        assertThatExceptionOfType(RefusedRedirect.class).isThrownBy(() -> ask(data(), get(hub.url("/x"))));
        assertThat(cdn.requests()).hasSize(3);
    }

    @Test
    void nobodyElseCanPutATokenOnARequest() throws Exception {
        hub.answers(200);
        cdn.answers(200);
        Redirects anonymous = new Redirects(hub.url("/"), null, Redirects.dataPlane(hub.url("/"), Set.of()));
        Request signed = get(hub.url("/x"))
                .newBuilder()
                .header("Authorization", "Bearer other")
                .build();

        ask(anonymous, signed).close();
        ask(data(), signed.newBuilder().url(cdn.url("/x")).build()).close();

        assertThat(hub.seen("Authorization")).containsExactly((String) null);
        assertThat(cdn.seen("Authorization")).containsExactly((String) null);
    }

    @Test
    void theTokenBelongsToTheWholeOriginOfAnEndpointWithAPrefix() throws Exception {
        hub.redirects(307, "/elsewhere").answers(200);
        HttpUrl endpoint = hub.url("/hub/v1/");
        Redirects redirects = new Redirects(endpoint, new Secret("hub-token"), Redirects.controlPlane(endpoint));

        ask(redirects, get(hub.url("/hub/v1/api"))).close();

        assertThat(hub.seen("Authorization")).containsExactly(BEARER, BEARER);
    }

    @Test
    void fiveRedirectsAreFollowedAndTheSixthIsRefused() throws Exception {
        for (int i = 0; i < 5; i++) {
            hub.redirects(302, "/again");
        }
        hub.answers(200);
        try (Response response = ask(data(), get(hub.url("/x")))) {
            assertThat(response.code()).isEqualTo(200);
        }
        for (int i = 0; i < 10; i++) {
            hub.redirects(302, "/again");
        }

        assertThatExceptionOfType(RefusedRedirect.class)
                .isThrownBy(() -> ask(data(), get(hub.url("/x"))))
                .withMessageContaining("hub.test");
        assertThat(hub.requests()).hasSize(6 + 6);
    }

    @Test
    void dataNeverContinuesInClearText() throws Exception {
        try (FakeHub clear = FakeHub.plain("clear.test")) {
            hub.redirects(302, clear.url("/x"));

            assertThatExceptionOfType(RefusedRedirect.class)
                    .isThrownBy(() -> ask(data(), get(hub.url("/x"))))
                    .withMessageContainingAll("hub.test", "clear text", "clear.test");

            assertThat(clear.requests()).isEmpty();
        }
    }

    @Test
    void anEndpointIsNotFollowedIntoItsOwnClearTextTwinForData() throws Exception {
        hub.redirects(302, "http://hub.test/x");

        assertThatExceptionOfType(RefusedRedirect.class).isThrownBy(() -> ask(data(), get(hub.url("/x"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "2130706433",
                "10.1.2.3",
                "10.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "[::1]",
                "[fe80::1]",
                "[fd00::1]",
                "[::ffff:10.0.0.1]",
                "localhost",
                "intranet",
                "db.internal",
                "printer.local",
            })
    void aPublicEndpointCannotPointIntoThePrivateNetwork(String host) throws Exception {
        String target = "https://" + host + ":" + cdn.server().getPort() + "/secrets";
        hub.redirects(302, target);

        assertThatExceptionOfType(RefusedRedirect.class)
                .isThrownBy(() -> ask(data(), get(hub.url("/x"))))
                .withMessageContaining("private network");

        assertThat(cdn.requests()).isEmpty();
    }

    @Test
    void aFakeAddressOfAProxyToolIsNotPrivate() throws Exception {
        HttpUrl endpoint = HttpUrl.get("https://hub.test/");

        assertThat(Redirects.dataPlane(endpoint, Set.of()).next(endpoint, HttpUrl.get("https://198.18.0.9/x")))
                .isEqualTo(HttpUrl.get("https://198.18.0.9/x"));
    }

    @Test
    void aRefusalAlsoHoldsOnALaterHop() throws Exception {
        hub.redirects(302, cdn.url("/x"));
        cdn.redirects(302, "https://10.0.0.1/x");

        assertThatExceptionOfType(RefusedRedirect.class)
                .isThrownBy(() -> ask(data(), get(hub.url("/x"))))
                .withMessageContaining("cdn.test");
    }

    @Test
    void aPrivateEndpointMayUseItsOwnNetwork() throws Exception {
        try (FakeHub office = FakeHub.plain("hub.internal");
                FakeHub store = FakeHub.plain("store.internal")) {
            office.redirects(302, store.url("/x"));
            store.answers(200);
            HttpUrl endpoint = office.url("/");
            Redirects redirects =
                    new Redirects(endpoint, new Secret("hub-token"), Redirects.dataPlane(endpoint, Set.of()));

            ask(redirects, get(office.url("/x"))).close();

            assertThat(office.seen("Authorization")).containsExactly(BEARER);
            assertThat(store.seen("Authorization")).containsExactly((String) null);
        }
    }

    @Test
    void aRedirectToTheFrontDoorOfAnotherSourceIsHandedBack() throws Exception {
        hub.redirects(302, cdn.url("/acme/tiny/resolve/main/a"));

        try (Response response = ask(data(cdn.url("/")), get(hub.url("/x")))) {
            assertThat(response.code()).isEqualTo(302);
            assertThat(response.request().url()).isEqualTo(hub.url("/x"));
        }

        assertThat(cdn.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void anApiRedirectToAnotherOriginIsAFinalAnswer(int code) throws Exception {
        hub.redirects(code, cdn.url("/api/models/acme/tiny"));

        try (Response response = ask(control(), get(hub.url("/api/models/acme/tiny")))) {
            assertThat(response.code()).isEqualTo(code);
            assertThat(response.header("Location"))
                    .isEqualTo(cdn.url("/api/models/acme/tiny").toString());
        }

        assertThat(cdn.requests()).isEmpty();
    }

    @Test
    void anApiRedirectToThisOriginByItsFullAddressIsFollowed() throws Exception {
        hub.redirects(308, hub.url("/api/models/acme/Tiny")).answers(200);

        ask(control(), get(hub.url("/api/models/acme/tiny"))).close();

        assertThat(hub.seen("Authorization")).containsExactly(BEARER, BEARER);
    }

    @Test
    void theSameSiteWithWwwIsFollowedWithoutTheToken() throws Exception {
        hub.redirects(301, hub.at("www.hub.test", "/api")).answers(200);

        try (Response response = ask(control(), get(hub.url("/api")))) {
            assertThat(response.request().url().host()).isEqualTo("www.hub.test");
        }

        assertThat(hub.seen("Authorization")).containsExactly(BEARER, null);
    }

    @Test
    void aFrontEndThatNamesItsInnerSchemeIsAskedOverTls() throws Exception {
        hub.redirects(307, "http://hub.test/api/tree/?recursive=true").answers(200);

        ask(control(), get(hub.url("/api/tree?recursive=true"))).close();

        assertThat(hub.requests())
                .extracting(RecordedRequest::getTarget)
                .containsExactly("/api/tree?recursive=true", "/api/tree/?recursive=true");
    }

    @Test
    void aFrontEndThatOnlyWantsClearTextIsNotAskedForEver() throws Exception {
        hub.redirects(307, "http://hub.test/api");

        try (Response response = ask(control(), get(hub.url("/api")))) {
            assertThat(response.code()).isEqualTo(307);
        }

        assertThat(hub.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ftp://cdn.test/x", "https://[broken", "mailto:someone@hub.test"})
    void aRedirectToSomethingUnreadableIsHandedBack(String location) throws Exception {
        hub.redirects(302, location).redirects(302, location);

        for (Redirects redirects : new Redirects[] {control(), data()}) {
            try (Response response = ask(redirects, get(hub.url("/x")))) {
                assertThat(response.code()).isEqualTo(302);
            }
        }
    }

    @Test
    void aRedirectWithoutATargetIsHandedBack() throws Exception {
        hub.answers(302);

        try (Response response = ask(data(), get(hub.url("/x")))) {
            assertThat(response.code()).isEqualTo(302);
        }
    }

    @Test
    void refusalsDoNotShowTheSignatureOfALink() throws Exception {
        hub.redirects(302, "http://cdn.test/x?sig=marker");

        assertThatExceptionOfType(RefusedRedirect.class)
                .isThrownBy(() -> ask(data(), get(hub.url("/x"))))
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .doesNotContain("marker");
    }
}
