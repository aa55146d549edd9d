package dev.modelfetch.source.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.Kind;
import dev.modelfetch.source.huggingface.Refusal;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorRulesTest {

    private static final HttpUrl ENDPOINT = HttpUrl.get("https://proxy.example/hf/");
    private static final HttpUrl FIRST =
            HttpUrl.get("https://proxy.example/hf/api/models/a/b/tree/c0ffee?recursive=true");

    private final MirrorRules rules = new MirrorRules(ENDPOINT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://huggingface.co/api/models/a/b/tree/c0ffee?cursor=x%3D",
                "http://proxy.example/hf/api/models/a/b/tree/c0ffee?cursor=x%3D",
                "https://inner.example:8443/other/prefix/api/models/a/b/tree/c0ffee?cursor=x%3D"
            })
    void theHostOfANextLinkIsNeverBelieved(String link) {
        assertThat(rules.nextPage(FIRST, HttpUrl.get(link)))
                .contains(HttpUrl.get("https://proxy.example/hf/api/models/a/b/tree/c0ffee?cursor=x%3D"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://huggingface.co/api/models/a/b/tree/main?cursor=x",
                "https://huggingface.co/api/models/a/other/tree/c0ffee?cursor=x",
                "https://huggingface.co/xapi/models/a/b/tree/c0ffee?cursor=x",
                "https://huggingface.co/"
            })
    void aNextLinkToAnotherListingIsRefused(String link) {
        assertThat(rules.nextPage(FIRST, HttpUrl.get(link))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401, RepoNotFound,     '',                                          NOT_HERE",
        "401, '',               Invalid username or password.,               NOT_HERE",
        "401, '',               Invalid credentials in Authorization header, NEEDS_AUTH",
        "401, GatedRepo,        '',                                          NEEDS_AUTH",
        "403, GatedRepo,        '',                                          NEEDS_AUTH",
        "403, SomethingNew,     '',                                          NEEDS_AUTH",
        "403, '',               Access to this resource is disabled.,        NOT_HERE",
        "403, '',               no such word,                                BLOCKED",
        "404, '',               '',                                          NOT_HERE",
        "404, RevisionNotFound, '',                                          NOT_HERE",
        "404, EntryNotFound,    '',                                          NOT_HERE",
        "400, '',               '',                                          BLOCKED"
    })
    void everyRefusalIsAboutThisMirror(int status, String code, String message, Kind kind) {
        assertThat(rules.refused(refusal(status, code, message, false)).kind()).isEqualTo(kind);
    }

    @Test
    void aGatedRepositoryNeedsConsentBeforeAMirrorSeesAToken() {
        assertThat(rules.refused(refusal(401, "GatedRepo", "", false)).detail())
                .contains("read-only", "operator of proxy.example");
    }

    @Test
    void accessIsAskedForAtTheHubAndNotAtTheMirror() {
        Verdict verdict = rules.refused(refusal(403, "GatedRepo", "", true));

        assertThat(verdict.detail()).endsWith("https://huggingface.co/a/b");
    }

    private static Refusal refusal(int status, String code, String message, boolean hasToken) {
        return new Refusal(status, "proxy.example", "a/b", Verdict.What.REPOSITORY, code, message, "", "", hasToken);
    }
}
