package dev.modelfetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelfetch.Login;
import dev.modelfetch.Logout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fetch login}, {@code logout} and {@code whoami}, up to the front door. */
class AccountCommandsTest {

    private final Desk desk = new Desk();

    private void atATerminal() {
        desk.keyboard = true;
        desk.terminal = true;
    }

    @Test
    void aTokenThatIsTypedIsNotShown() {
        atATerminal();
        desk.input = "hf_secret\n";

        assertThat(desk.run("login")).isZero();

        assertThat(desk.accounts.told).containsExactly("login huggingface hf_secret");
        assertThat(desk.echo).containsExactly("off", "on");
        assertThat(desk.err())
                .isEqualTo("Token for huggingface, from https://hub.test/settings/tokens (not shown): \n");
        assertThat(desk.out()).isEqualTo("logged in to huggingface as jdoe; the token is kept in /home/token\n");
    }

    @Test
    void whereItWouldBeShownNothingIsAskedFor() {
        atATerminal();
        desk.hiding = false;
        desk.input = "hf_secret\n";

        assertThat(desk.run("login")).isEqualTo(2);
        assertThat(desk.accounts.told).isEmpty();
        assertThat(desk.err()).contains("What is typed here could be seen.", "--token -");
    }

    @Test
    void whoeverRunsAMirrorSeesItsToken() {
        atATerminal();
        desk.environment.put("NO_COLOR", "1");
        desk.accounts.page = Optional.empty();
        desk.input = "m\n";

        assertThat(desk.run("login", "--source", "hf-mirror")).isZero();
        assertThat(desk.accounts.told).containsExactly("login mirror m");
        assertThat(desk.err())
                .startsWith("note: whoever runs the mirror can read this token")
                .contains("Token for mirror (not shown): ");
    }

    @ParameterizedTest
    @CsvSource({"login, hf_piped", "login --token -, hf_piped", "login --token hf_said, hf_said"})
    void withoutATerminalItIsReadFromStandardInput(String line, String token) {
        desk.input = "hf_piped\n";

        assertThat(desk.run(line.split(" "))).isZero();
        assertThat(desk.accounts.told).containsExactly("login huggingface " + token);
        assertThat(desk.echo).isEmpty();
        assertThat(desk.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "login --token -", "login --json"})
    void anEmptyTokenChangesNothing(String line) {
        desk.input = "\n";

        assertThat(desk.run(line.split(" "))).isEqualTo(2);
        assertThat(desk.accounts.told).isEmpty();
    }

    @Test
    void whatCountsMoreThanTheStoredTokenIsNoted() {
        Login login = desk.accounts.login;
        desk.accounts.login = new Login(
                login.source(),
                login.endpoint(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                login.tokenFrom(),
                Optional.of("HF_TOKEN"));

        assertThat(desk.run("login", "--token", "x")).isZero();
        assertThat(desk.err())
                .isEqualTo("note: HF_TOKEN is set and counts more than what was just stored; unset it to use that.\n");
        assertThat(desk.out()).contains("not checked");
    }

    @Test
    void theSettingsOfTheSourceCount() {
        assertThat(desk.run("whoami", "--endpoint", "hf=https://office.test", "--proxy", "hf=direct", "--token", "x"))
                .isZero();

        assertThat(desk.setups).singleElement().satisfies(setup -> {
            assertThat(setup.endpoints()).containsEntry("huggingface", "https://office.test");
            assertThat(setup.tokens()).containsEntry("huggingface", "x");
        });
    }

    @Test
    void whoamiTellsNameOrganisationsWhereFromAndWhere() {
        assertThat(desk.run("whoami")).isZero();

        assertThat(desk.out()).isEqualTo("""
                name           jdoe
                organisations  acme-lab, zoo
                token          ci-read, from the file /home/token
                endpoint       https://hub.test
                """);
        assertThat(desk.run("whoami", "--source", "ms")).isZero();
        assertThat(desk.accounts.told).containsExactly("whoami huggingface", "whoami modelscope");
    }

    @Test
    void whoamiAsJson() {
        assertThat(desk.run("whoami", "--json")).isZero();

        JsonObject json = JsonParser.parseString(desk.out()).getAsJsonObject();
        assertThat(json.get("name").getAsString()).isEqualTo("jdoe");
        assertThat(json.getAsJsonArray("organisations")).hasSize(2);
        assertThat(json.get("tokenFrom").getAsString()).isEqualTo("the file /home/token");
        assertThat(json.get("endpoint").getAsString()).isEqualTo("https://hub.test");
    }

    @Test
    void whatAHubCallsThingsDoesNotSteerTheTerminal() {
        desk.accounts.login = new Login(
                "huggingface",
                "https://hub.test",
                Optional.of("j\u001b[31mdoe"),
                List.of(),
                Optional.of("a\nb"),
                "HF_TOKEN",
                Optional.empty());

        assertThat(desk.run("whoami")).isZero();
        assertThat(desk.out().lines()).hasSize(3);
        assertThat(desk.out()).doesNotContain("\u001b");
    }

    @Test
    void logoutSaysWhatIsGoneAndWhatIsNot() {
        assertThat(desk.run("logout")).isZero();
        assertThat(desk.out()).isEqualTo("logged out of huggingface: ci-read; deleted from /home/token\n");

        desk.accounts.logout = new Logout("huggingface", List.of(), List.of(), Optional.of("HF_TOKEN"));
        assertThat(desk.run("logout")).isZero();
        assertThat(desk.out()).endsWith("nothing is stored for huggingface\n");
        assertThat(desk.err())
                .isEqualTo(
                        "note: HF_TOKEN is set, and its token is still shown to huggingface; unset it to go without.\n");
    }

    @Test
    void aTokenBelongsToOneSource() {
        for (String command : List.of("login", "logout", "whoami")) {
            assertThat(desk.run(command, "--source", "mirror,modelscope")).isEqualTo(2);
        }
        assertThat(desk.accounts.told).isEmpty();
    }

    @Test
    void allOfItIsSaidInChinese() {
        desk.environment.put("LC_ALL", "zh_CN.UTF-8");
        atATerminal();
        desk.input = "x\n";

        assertThat(desk.run("login")).isZero();
        assertThat(desk.run("whoami")).isZero();
        assertThat(desk.run("logout")).isZero();

        assertThat(desk.err()).startsWith("huggingface 的令牌，可在 https://hub.test/settings/tokens 创建（输入时不显示）：");
        assertThat(desk.out()).contains("已以 jdoe 的身份登录 huggingface", "组织", "已退出 huggingface：ci-read");
    }
}
