package dev.modelfetch.source.modelscope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.Kind;
import dev.modelfetch.Verdict.What;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelScopeErrorsTest {

    private static final ModelScopeErrors ANONYMOUS = new ModelScopeErrors(false);

    @ParameterizedTest(name = "{0} {1} {2} is {3} {4}")
    @CsvSource(delimiter = '|', textBlock = """
                    404 | 10010205001 | 获取模型信息失败，信息：record not found | NOT_HERE | REPOSITORY
                    200 | 10010205001 | 获取模型信息失败，信息：record not found | NOT_HERE | REPOSITORY
                    404 | 10010205001 | 模型不存在 | NOT_HERE | REPOSITORY
                    404 | 10010205001 | Error 1461: Can't create more than max_prepared_stmt_count statements | DOWN |
                    404 | 10010205001 | | DOWN |
                    404 | 10010200001 | 无权限 | NEEDS_AUTH |
                    200 | 10010200001 | 无权限 | NEEDS_AUTH |
                    404 | 10990101004 | 获取模型目录树失败 | NOT_HERE | REVISION
                    404 | 10990101007 | 获取模型文件失败，文件内容为空 | NOT_HERE | FILE
                    400 | 10010103009 | AccessToken error | NEEDS_AUTH |
                    500 | 10010207001 | list_models_failed | DOWN |
                    404 | 1 | 数据集不存在 | NOT_HERE | REPOSITORY
                    404 | 1 | 别的 | NOT_HERE | REPOSITORY
                    410 | 1 | 别的 | NOT_HERE | REPOSITORY
                    400 | 1 | user not logged in | NEEDS_AUTH |
                    400 | 1 | 用户未登录 | NEEDS_AUTH |
                    400 | 1 | 别的 | BLOCKED |
                    401 | 401 | Unauthorized | NEEDS_AUTH |
                    403 | 403 | Forbidden | NEEDS_AUTH |
                    200 | 401 | Unauthorized | NEEDS_AUTH |
                    200 | 404 | 别的 | NOT_HERE | REPOSITORY
                    200 | 429 | 别的 | LIMITED |
                    200 | 500 | 别的 | DOWN |
                    200 | 10010209999 | 别的 | DOWN |
                    429 | 429 | 别的 | LIMITED |
                    503 | 503 | 别的 | DOWN |
                    """)
    void statusCodeAndMessageTellTheVerdict(int status, long code, String message, Kind kind, What what) {
        String text = message == null ? "null" : "\"" + message + "\"";
        Verdict verdict = judge(ANONYMOUS, status, "{\"Code\":" + code + ",\"Message\":" + text + ",\"Success\":false}")
                .orElseThrow();

        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.detail()).doesNotEndWith(".").contains("hub.example");
        if (verdict instanceof Verdict.NotHere missing) {
            assertThat(missing.what()).isEqualTo(what);
        }
    }

    @Test
    void onlySuccessInStatusAndBodyIsSuccess() {
        assertThat(judge(ANONYMOUS, 200, "{\"Code\":200,\"Success\":true,\"Data\":{}}"))
                .isEmpty();
        assertThat(judge(ANONYMOUS, 200, "{\"Code\":\"200\",\"Data\":{}}")).isEmpty();
        assertThat(judge(ANONYMOUS, 200, "{\"Data\":{}}")).isEmpty();
        assertThat(judge(ANONYMOUS, 200, "{\"Code\":200,\"Success\":false}")).isPresent();
        assertThat(judge(ANONYMOUS, 404, "{\"Code\":200,\"Success\":true}")).isPresent();
    }

    @Test
    void anAnswerWithoutTheHubsEnvelopeIsBlocked() {
        for (String body : new String[] {"", "{}", "[]", "hello", "{\"Code\":{}}", "null"}) {
            assertThat(judge(ANONYMOUS, 200, body))
                    .get()
                    .extracting(Verdict::kind)
                    .isEqualTo(Kind.BLOCKED);
        }
    }

    @Test
    void aNotFoundWithoutACodeMeansWhatWasAskedFor() {
        for (What what : What.values()) {
            Optional<Verdict> verdict = ANONYMOUS.judge(response(404, "text/plain"), null, "acme-lab/aurora-7b", what);
            assertThat(verdict)
                    .get()
                    .isInstanceOfSatisfying(
                            Verdict.NotHere.class,
                            missing -> assertThat(missing.what()).isEqualTo(what));
        }
    }

    @Test
    void aNotFoundWithoutACodeMayBeAPrivateRepository() {
        assertThat(judge(ANONYMOUS, 404, "").orElseThrow().detail())
                .contains("private")
                .contains("token");
        assertThat(judge(new ModelScopeErrors(true), 404, "").orElseThrow().detail())
                .contains("this token");
    }

    @Test
    void aWebPageIsBlockedWhateverItsStatus() {
        for (int status : new int[] {200, 403, 404}) {
            assertThat(ANONYMOUS.judge(response(status, "text/html"), null, "acme-lab/aurora-7b", What.REPOSITORY))
                    .get()
                    .extracting(Verdict::kind)
                    .isEqualTo(Kind.BLOCKED);
        }
    }

    @Test
    void aForeignRedirectIsReportedAndNotFollowed() {
        Response redirect = response(302, "text/plain")
                .newBuilder()
                .header("Location", "https://elsewhere.example/x?auth_key=secret")
                .build();

        assertThat(ANONYMOUS.judge(redirect, null, "acme-lab/aurora-7b", What.REPOSITORY))
                .contains(new Verdict.Alias("https://elsewhere.example"));
    }

    @Test
    void theHubsWordsAreShownOnOneLineAndNotWithoutEnd() {
        String words = "失败\\n\\u001b[31m\\u009b" + "x".repeat(500);

        String detail = judge(ANONYMOUS, 400, "{\"Code\":7,\"Message\":\"" + words + "\"}")
                .orElseThrow()
                .detail();

        assertThat(detail)
                .contains("[7 失败 [31m xxx")
                .doesNotContain("\n", "\u001b", "\u009b")
                .hasSizeLessThan(250);
    }

    private static Optional<Verdict> judge(ModelScopeErrors errors, int status, String body) {
        return errors.judge(
                response(status, "application/json"),
                ModelScopeJson.envelope(body),
                "acme-lab/aurora-7b",
                What.REPOSITORY);
    }

    private static Response response(int status, String type) {
        return new Response.Builder()
                .request(new Request.Builder()
                        .url("https://hub.example/api/v1/models/acme-lab/aurora-7b")
                        .build())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .header("Content-Type", type)
                .body(ResponseBody.create("", MediaType.get(type)))
                .build();
    }
}
