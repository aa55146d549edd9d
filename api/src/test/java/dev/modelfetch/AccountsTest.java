package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are checked, kept and forgotten, by the front door. */
class AccountsTest {

    private static final Account JDOE =
            Account.of("jdoe").withOrganisations(List.of("zoo", "acme-lab")).withTokenName("ci-read");

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final FakeSource origin = FakeSource.huggingface().of(() -> Optional.of(JDOE));
    private FakeSource mirror = FakeSource.mirror().of(() -> Optional.of(JDOE));

    private <T> T with(Function<Accounts, T> work) {
        environment.put("HOME", home.toString());
        try (Modelfetch modelfetch = Modelfetch.builder()
                .environment(environment)
                .withoutDiscovery()
                .provider(FakeProvider.of(origin))
                .provider(FakeProvider.of(mirror))
                .build()) {
            return work.apply(modelfetch.accounts());
        }
    }

    private Path token() {
        return home.resolve(".cache/huggingface/token");
    }

    @Test
    void aTokenIsCheckedAndThenKept() {
        Login login = with(accounts -> accounts.login("huggingface", " hf_secret\n"));

        assertThat(login.user()).contains("jdoe");
        assertThat(login.organisations()).containsExactly("acme-lab", "zoo");
        assertThat(login.overruledBy()).isEmpty();
        assertThat(token()).hasContent("hf_secret");
        assertThat(token().resolveSibling("stored_tokens")).content().startsWith("[ci-read]");
        Login inForce = with(accounts -> accounts.whoami("huggingface"));
        assertThat(inForce)
                .isEqualTo(new Login(
                        "huggingface",
                        "http://localhost:1",
                        Optional.of("jdoe"),
                        List.of("acme-lab", "zoo"),
                        Optional.of("ci-read"),
                        "the file " + token(),
                        Optional.empty()));
    }

    @Test
    void aTokenThatIsRefusedChangesNothing() {
        var unused = with(accounts -> accounts.login("huggingface", "hf_good"));
        origin.of(() -> {
            throw new SourceException(new Verdict.NeedsAuth("bad token", Verdict.Missing.VALID_TOKEN));
        });

        assertThatThrownBy(() -> with(accounts -> accounts.login("huggingface", "hf_bad")))
                .isInstanceOf(FetchException.AccessDenied.class)
                .hasMessage("huggingface (http://localhost:1) refuses the token that was given.")
                .hasMessageNotContaining("hf_bad");
        assertThat(token()).hasContent("hf_good");
        assertThatThrownBy(() -> with(accounts -> accounts.whoami("huggingface")))
                .isInstanceOf(FetchException.AccessDenied.class)
                .hasMessageEndingWith("refuses the token from the file " + token() + ".");
    }

    @Test
    void aTokenThatCannotBeCheckedIsNotKept() {
        origin.of(() -> {
            throw new SourceException(new Verdict.Down("connect timed out", false));
        });

        assertThatThrownBy(() -> with(accounts -> accounts.login("huggingface", "hf_secret")))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("connect timed out")
                .satisfies(e -> assertThat(((FetchException) e).probes()).hasSize(1));
        assertThat(token()).doesNotExist();
    }

    @Test
    void aSourceThatHasNoSuchQuestionIsBelievedUnchecked() {
        mirror.of(Optional::empty);

        assertThat(with(accounts -> accounts.login("mirror", "m_secret")).user())
                .isEmpty();
        assertThatThrownBy(() -> with(accounts -> accounts.whoami("mirror")))
                .isInstanceOf(FetchException.Unreachable.class)
                .hasMessageContaining("does not tell whose token it is");
    }

    @Test
    void theMirrorsTokenIsForTheMirrorAtThatAddress() {
        var unused = with(accounts -> accounts.login("mirror", "m_secret"));

        assertThat(with(accounts -> accounts.whoami("mirror")).tokenFrom())
                .isEqualTo("the file " + home.resolve(".config/modelfetch/tokens.json"));
        assertThat(token()).doesNotExist();
        mirror = FakeSource.mirror(HttpUrl.get("http://127.0.0.2:1/")).of(() -> Optional.of(JDOE));
        assertThatThrownBy(() -> with(accounts -> accounts.whoami("mirror")))
                .isInstanceOf(FetchException.AccessDenied.class)
                .hasMessageContaining("There is no token for mirror");
    }

    @Test
    void aStoredTokenIsUsedByJobs() {
        var unused = with(accounts -> accounts.login("mirror", "m_secret"));

        try (Modelfetch modelfetch = Modelfetch.builder()
                .environment(environment)
                .withoutDiscovery()
                .provider(FakeProvider.of(mirror))
                .build()) {
            assertThat(modelfetch.sources()).extracting(SourceInfo::hasToken).containsExactly(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN"})
    void whatCountsMoreThanTheStoredTokenIsTold(String variable) {
        environment.put(variable, "1");

        assertThat(with(accounts -> accounts.login("huggingface", "hf_secret")).overruledBy())
                .contains(variable);
        Logout logout = with(accounts -> accounts.logout("huggingface"));
        assertThat(logout.tokens()).containsExactly("ci-read");
        assertThat(logout.stillFrom())
                .isEqualTo(Optional.of(variable).filter(name -> !name.equals("HF_HUB_DISABLE_IMPLICIT_TOKEN")));
        assertThat(token()).doesNotExist();
    }

    @Test
    void logoutOfNothingChangesNothing() {
        Logout logout = with(accounts -> accounts.logout("huggingface"));
        assertThat(logout).isEqualTo(new Logout("huggingface", List.of(), List.of(), Optional.empty()));
    }

    @Test
    void aTokenThatCannotBeOneIsReplacedAndNotComplainedOf() throws IOException {
        Files.createDirectories(token().getParent());
        Files.writeString(token(), "two words");

        assertThatThrownBy(() -> with(accounts -> accounts.whoami("huggingface")))
                .isInstanceOf(FetchException.Usage.class);
        assertThat(with(accounts -> accounts.login("huggingface", "hf_secret")).user())
                .contains("jdoe");
        assertThat(token()).hasContent("hf_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "hf_\u00e9"})
    void whatCannotBeATokenIsRefused(String text) {
        assertThatThrownBy(() -> with(accounts -> accounts.login("huggingface", text)))
                .isInstanceOf(FetchException.Usage.class)
                .hasMessageNotContaining("two words");
        assertThat(token()).doesNotExist();
    }

    @Test
    void noConnectionMeansNoCheckAndNothingKept() {
        environment.put("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(() -> with(accounts -> accounts.login("huggingface", "hf_secret")))
                .isInstanceOf(FetchException.NotStored.class);
        assertThat(token()).doesNotExist();
    }

    @Test
    void aServiceKeepsNoTokens() {
        try (Modelfetch modelfetch = Modelfetch.builder()
                .withoutDiscovery()
                .provider(FakeProvider.of(origin))
                .build()) {
            assertThatThrownBy(() -> modelfetch.accounts().login("huggingface", "hf_secret"))
                    .isInstanceOf(FetchException.Usage.class)
                    .hasMessageContaining("no place for tokens");
        }
    }

    @Test
    void aSourceThatDoesNotExistIsRefusedWithTheOneThatWasMeant() {
        for (Function<Accounts, ?> question : List.<Function<Accounts, ?>>of(
                accounts -> accounts.whoami("huggingfce"),
                accounts -> accounts.login("huggingfce", "x"),
                accounts -> accounts.logout("huggingfce"),
                accounts -> accounts.tokenPage("huggingfce"))) {
            assertThatThrownBy(() -> with(question))
                    .isInstanceOf(FetchException.Usage.class)
                    .hasMessageContaining("did you mean \"huggingface\"?");
        }
    }
}
