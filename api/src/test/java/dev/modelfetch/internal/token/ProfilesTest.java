package dev.modelfetch.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {

    private static final String OF_THE_CLIENT = """
            [ci-read]
            hf_token = read-me

            [oauth-jdoe]
            hf_token = browser
            refresh_token = again
            expires_at = 1790000000

            """;

    @Test
    void whatTheClientWroteIsWrittenAgainAsItWas() throws IOException {
        Profiles profiles = Profiles.parse(OF_THE_CLIENT);

        assertThat(profiles.names()).containsExactly("ci-read", "oauth-jdoe");
        assertThat(profiles.text()).isEqualTo(OF_THE_CLIENT);
    }

    @Test
    void aNewTokenTakesItsPlaceInTheOrderOfNames() throws IOException {
        assertThat(Profiles.parse(OF_THE_CLIENT).with("laptop", "new").text()).isEqualTo("""
                [ci-read]
                hf_token = read-me

                [laptop]
                hf_token = new

                [oauth-jdoe]
                hf_token = browser
                refresh_token = again
                expires_at = 1790000000

                """);
    }

    @Test
    void aTokenOfTheSameNameLeavesNothingOfTheOneBefore() throws IOException {
        assertThat(Profiles.parse(OF_THE_CLIENT).with("oauth-jdoe", "new").text())
                .endsWith("[oauth-jdoe]\nhf_token = new\n\n")
                .doesNotContain("again", "expires_at");
    }

    @Test
    void whatPeopleWriteByHandIsRead() throws IOException {
        Profiles profiles = Profiles.parse("""
                # mine
                ; and more
                [笔记本]
                HF_Token: a=b

                [DEFAULT]
                note = first
                \tsecond
                [a]b]
                hf_token=%(x)s
                """);

        assertThat(profiles.names()).containsExactly("a]b", "笔记本");
        assertThat(profiles.text())
                .contains("hf_token = a=b\n", "note = first\n\tsecond\n", "[a]b]\nhf_token = %(x)s\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"read-me\n", "[a]\nno value\n", "[a]\n= x\n", "[a]\nhf_token = 1\n[a]\n", "{}"})
    void whatIsNoSuchFileIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> Profiles.parse(text))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("line ")
                .hasMessageNotContainingAny("read-me", "no value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "a\n[b]", " ", "\t"})
    void aNameThatWouldHeadNoSectionIsChanged(String name) throws IOException {
        Profiles profiles = Profiles.parse(Profiles.NONE.with(name, "secret").text());

        assertThat(profiles.names()).hasSize(1).doesNotContain("DEFAULT");
    }
}
