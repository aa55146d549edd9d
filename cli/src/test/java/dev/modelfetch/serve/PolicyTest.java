package dev.modelfetch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.Caller;
import dev.modelfetch.FetchException;
import dev.modelfetch.Identity;
import dev.modelfetch.Manifest;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verification;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    private static final String COMMIT = "5".repeat(40);
    private static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/tiny");
    private static final RepoFile ROW = RepoFile.of("sub/model.pkl", 2_000);
    private static final Pinned PINNED = new Pinned(
            REPO,
            new Manifest("mirror", "huggingface", REPO, "v1", COMMIT, List.of(ROW), true),
            Instant.EPOCH,
            false,
            Identity.SAME,
            Caller.ANONYMOUS,
            true);

    private static final Policy.Facts FACTS = new Policy.Facts() {
        @Override
        public List<String> licences(Pinned pinned) {
            return List.of("cc-by-nc-4.0");
        }

        @Override
        public Verification level(Pinned pinned, RepoFile row) {
            return Verification.SELF;
        }
    };

    private static boolean denies(String match, RepoFile row) {
        Policy policy = Policy.parse("{\"v\": 1, \"rules\": [{\"deny\": {" + match + "}}]}", "policy");
        return policy.refusal(PINNED, row, FACTS).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`\"type\": \"model\"` | true",
                "`\"type\": \"dataset\"` | false",
                "`\"id\": \"acme-lab/*\"` | true",
                "`\"id\": \"other/*\"` | false",
                "`\"revision\": \"v?\"` | true",
                "`\"revision\": \"55*\"` | true",
                "`\"revision\": \"main\"` | false",
                "`\"path\": \"*.pkl\"` | true",
                "`\"path\": \"*.bin\"` | false",
                "`\"minBytes\": 2000` | true",
                "`\"minBytes\": 2001` | false",
                "`\"licence\": \"*-nc-*\"` | true",
                "`\"licence\": \"mit\"` | false",
                "`\"source\": \"mirror\"` | true",
                "`\"source\": \"modelscope\"` | false",
                "`\"identity\": \"same\"` | true",
                "`\"identity\": \"unproved\"` | false",
                "`\"below\": \"cross\"` | true",
                "`\"below\": \"self\"` | false",
                "`\"id\": \"acme-lab/*\", \"path\": \"*.bin\"` | false"
            })
    void aRuleFitsIfAllOfItDoes(String match, boolean fits) {
        assertThat(denies(match, ROW)).isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"path\": \"*\"", "\"minBytes\": 0", "\"below\": \"pinned\""})
    void rulesAboutFilesSayNothingOfARepository(String match) {
        assertThat(Policy.parse("{\"v\": 1, \"rules\": [{\"deny\": {" + match + "}}]}", "policy")
                        .refusal(PINNED, null, FACTS))
                .isEmpty();
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        Policy policy = Policy.parse(
                "{\"v\": 1, \"rules\": [{\"allow\": {\"id\": \"acme-lab/*\"}}, {\"deny\": {}, \"because\": \"no\"}]}",
                "policy");

        assertThat(policy.refusal(PINNED, ROW, FACTS)).isEmpty();
    }

    @Test
    void whatIsPinnedIsKept() {
        Policy policy =
                Policy.parse("{\"v\": 1, \"pins\": [\"acme-lab/tiny\"], \"offlineGated\": \"known\"}", "policy");

        assertThat(policy.keeps(REPO)).isTrue();
        assertThat(policy.keeps(Repo.of(RepoType.DATASET, "acme-lab/tiny"))).isFalse();
        assertThat(policy.remembersCallers()).isTrue();
        assertThat(Policy.NONE.remembersCallers()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"v\": 2}",
                "{\"v\": 1, \"rules\": [{\"because\": \"nothing\"}]}",
                "{\"v\": 1, \"rules\": [{\"deny\": {}, \"allow\": {}}]}",
                "{\"v\": 1, \"rules\": [{\"allow\": {\"pathh\": \"*.json\"}}]}",
                "{\"v\": 1, \"rules\": [{\"deny\": {\"below\": \"absolute\"}}]}",
                "{\"v\": 1, \"offlineGated\": \"perhaps\"}"
            })
    void whatIsNoPolicyIsRefusedAtTheStart(String text) {
        assertThatThrownBy(() -> Policy.parse(text, "policy"))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("policy");
    }
}
