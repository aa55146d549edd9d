package dev.modelfetch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-27T23:00:00Z"));

    private Accounts accounts(String more) {
        String sha256 = ByteString.encodeUtf8("hf_token").sha256().hex();
        return Accounts.parse(
                "{\"v\": 1, \"accounts\": [{\"name\": \"ann\", \"sha256\": \"" + sha256 + "\"" + more + "}]}",
                "accounts",
                now::get);
    }

    @Test
    void anAccountIsKnownByTheDigestOfItsToken() {
        assertThat(accounts("").of("hf_token").map(Accounts.Account::name)).contains("ann");
        assertThat(accounts("").of("hf_other")).isEmpty();
    }

    @Test
    void whatItMayReadAreNamesWithAnythingInThem() {
        Accounts.Account ann =
                accounts(", \"repos\": [\"acme-lab/*\"]").of("hf_token").orElseThrow();

        assertThat(ann.mayRead(Repo.of(RepoType.MODEL, "acme-lab/tiny"))).isTrue();
        assertThat(ann.mayRead(Repo.of(RepoType.DATASET, "acme-lab/tiny"))).isFalse();
        assertThat(ann.mayRead(Repo.of(RepoType.MODEL, "other/tiny"))).isFalse();
    }

    @Test
    void aListOfNothingIsNothing() {
        Accounts.Account ann = accounts(", \"repos\": []").of("hf_token").orElseThrow();

        assertThat(ann.mayReadAll()).isFalse();
        assertThat(ann.mayRead(Repo.of(RepoType.MODEL, "acme-lab/tiny"))).isFalse();
    }

    @Test
    void aWordThatIsNoneIsRefused() {
        assertThatThrownBy(() -> accounts(", \"repo\": [\"acme-lab/*\"]"))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageContaining("\"repo\"");
    }

    @Test
    void aDayEndsAtMidnight() {
        Accounts.Account ann = accounts(", \"bytesPerDay\": 10").of("hf_token").orElseThrow();
        assertThat(ann.pause()).isEmpty();
        ann.used(10);

        assertThat(ann.pause()).contains(Duration.ofHours(1));

        now.set(Instant.parse("2026-11-28T00:00:00Z"));
        assertThat(ann.pause()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"v\": 1}",
                "{\"v\": 2, \"accounts\": []}",
                "{\"v\": 1, \"accounts\": [{\"name\": \"ann\"}]}",
                "{\"v\": 1, \"accounts\": [{\"name\": \"\", \"sha256\": \"00\"}]}",
                "{\"v\": 1, \"accounts\": [{\"name\": \"ann\", \"sha256\": \"hf_token\"}]}"
            })
    void whatIsNoListOfAccountsIsRefusedAtTheStart(String text) {
        assertThatThrownBy(() -> Accounts.parse(text, "accounts", now::get)).isInstanceOf(FetchException.Usage.class);
    }
}
