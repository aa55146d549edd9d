package dev.modelfetch.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fetch login}, {@code logout} and {@code whoami}, against hubs that know some tokens and not others. */
class AccountsTest {

    private static final String READER = "hf_markerOfAReader";
    private static final String SECOND = "hf_markerOfASecond";
    private static final String UNKNOWN = "hf_markerThatNobodyKnows";

    @RegisterExtension
    final Lab lab = Lab.of(Samples.SMALL.named("acme-lab/gated").gated(READER), Samples.SMALL);

    @BeforeEach
    void users() {
        lab.hubs().huggingFace().catalogue().user(SECOND, "laptop");
    }

    private Running.Ended login(String token, String... more) throws Exception {
        String[] arguments = new String[more.length + 1];
        arguments[0] = "login";
        System.arraycopy(more, 0, arguments, 1, more.length);
        return quiet(lab.program().reading(token + "\n").run(arguments));
    }

    /** Nobody prints a token. */
    private static Running.Ended quiet(Running.Ended ended) {
        assertThat(ended.out() + ended.err()).doesNotContain("hf_marker");
        return ended;
    }

    private Path home(String file) {
        return lab.home().resolve(file);
    }

    @Test
    void whatLoginStoresIsUsedUntilLogout() throws Exception {
        assertThat(lab.program()
                        .run("acme-lab/gated", "--source", "huggingface")
                        .code())
                .isEqualTo(4);

        Running.Ended in = login(READER);
        assertThat(in.code()).as(in.err()).isZero();
        assertThat(in.out()).startsWith("logged in to huggingface as visitor; ");
        assertThat(home("huggingface/token")).hasContent(READER);
        assertThat(home("huggingface/stored_tokens")).hasContent("[lab-read]\nhf_token = " + READER + "\n\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home("huggingface/token"))))
                .isEqualTo("rw-------");
        assertThat(lab.program()
                        .run("acme-lab/gated", "--source", "huggingface")
                        .code())
                .isZero();
        assertThat(lab.ledger().hostsThatSaw(READER)).isEqualTo(Set.of("huggingface"));

        Running.Ended out = quiet(lab.program().run("logout"));
        assertThat(out.out()).contains("lab-read", "stored_tokens");
        assertThat(home("huggingface/token")).doesNotExist();
        assertThat(lab.program().run("whoami").code()).isEqualTo(4);
    }

    @Test
    void whoamiTellsWhoAndFromWhere() throws Exception {
        login(READER);

        Running.Ended ended = quiet(lab.program().run("whoami", "--json"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("name").getAsString()).isEqualTo("visitor");
        assertThat(ended.json().getAsJsonArray("organisations").get(0).getAsString())
                .isEqualTo("acme-lab");
        assertThat(ended.json().get("tokenName").getAsString()).isEqualTo("lab-read");
        assertThat(ended.json().get("tokenFrom").getAsString()).isEqualTo("the file " + home("huggingface/token"));
        assertThat(ended.json().get("endpoint").getAsString())
                .isEqualTo(lab.hubs().endpoints().get("huggingface"));
    }

    @Test
    void aWrongTokenTakesNothingAway() throws Exception {
        login(READER);

        Running.Ended wrong = login(UNKNOWN);

        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.err()).contains("refuses the token that was given", "/settings/tokens");
        assertThat(home("huggingface/token")).hasContent(READER);
        assertThat(login(SECOND).code()).isZero();
        assertThat(home("huggingface/stored_tokens"))
                .hasContent("[lab-read]\nhf_token = " + READER + "\n\n[laptop]\nhf_token = " + SECOND + "\n\n");
    }

    @Test
    void aTokenThatTheHubKnowsNoMoreIsRefused() throws Exception {
        login(READER);
        lab.hubs().huggingFace().catalogue().revoke(READER);

        Running.Ended ended = quiet(lab.program().run("whoami"));

        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.err()).contains("refuses the token from the file ", "fetch login");
    }

    @Test
    void whereTheNetworkIsAwayNothingIsStored() throws Exception {
        lab.hubs().huggingFace().server().refuse();

        Running.Ended ended = login(READER);

        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.err()).contains("connection refused");
        assertThat(home("huggingface")).isEmptyDirectory();
        assertThat(quiet(lab.program().with("HF_TOKEN", READER).run("whoami")).code())
                .isEqualTo(5);
    }

    @Test
    void theMirrorsTokenIsForTheMirrorAlone() throws Exception {
        Running.Ended in = login(READER, "--source", "mirror");
        assertThat(in.code()).as(in.err()).isZero();

        assertThat(home("huggingface/token")).doesNotExist();
        assertThat(lab.program().run("acme-lab/gated", "--source", "mirror").code())
                .isZero();
        assertThat(lab.ledger().hostsThatSaw(READER)).isEqualTo(Set.of("mirror"));
        // The same source at another address.
        Running.Ended elsewhere = lab.away()
                .at(Map.of("mirror", lab.hubs().endpoints().get("huggingface")))
                .run("whoami", "--source", "mirror");
        assertThat(elsewhere.code()).isEqualTo(4);
        assertThat(lab.ledger().hostsThatSaw(READER)).isEqualTo(Set.of("mirror"));
    }

    @Test
    void modelScopeHasItsOwn() throws Exception {
        Running.Ended in = login(READER, "--source", "modelscope");

        assertThat(in.code()).as(in.err()).isZero();
        assertThat(lab.program().run("whoami", "--source", "ms").out()).contains("visitor");
        assertThat(lab.program().run("logout", "--source", "ms").code()).isZero();
        assertThat(home("config/modelfetch/tokens.json")).doesNotExist();
        assertThat(lab.ledger().hostsThatSaw(READER)).isEqualTo(Set.of("modelscope"));
    }

    @Test
    void aVariableCountsMoreAndIsTold() throws Exception {
        Running.Ended in = quiet(
                lab.program().with("HF_TOKEN", SECOND).reading(READER + "\n").run("login", "--token", "-"));
        assertThat(in.code()).as(in.err()).isZero();
        assertThat(in.err()).contains("HF_TOKEN is set and counts more");

        assertThat(lab.program().with("HF_TOKEN", SECOND).run("whoami").out()).contains("laptop, from HF_TOKEN");
        assertThat(lab.program().with("HF_TOKEN", SECOND).run("logout").err()).contains("note: HF_TOKEN is set");
    }

    @Test
    void thePathOfTheTokenMayBeSaid() throws Exception {
        Path place = home("elsewhere/my-token");

        assertThat(lab.program()
                        .with("HF_TOKEN_PATH", place)
                        .reading(READER)
                        .run("login")
                        .code())
                .isZero();

        assertThat(place).hasContent(READER);
        assertThat(place.resolveSibling("stored_tokens")).exists();
        assertThat(home("huggingface")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, \uFEFF", "UTF-16LE, \uFEFF", "UTF-16BE, \uFEFF", "UTF-16LE, ''"})
    void aTokenFileIsReadWhateverEditorWroteIt(String encoding, String mark) throws Exception {
        Files.createDirectories(home("huggingface"));
        Files.write(home("huggingface/token"), (mark + READER + "\r\n").getBytes(encoding));

        assertThat(quiet(lab.program().run("whoami")).code()).isZero();
    }

    @Test
    void aHomeThatIsALinkToNowhereIsSaidBeforeTheHubIsAsked() throws Exception {
        Files.createSymbolicLink(home("huggingface"), home("nowhere"));

        Running.Ended ended = login(READER);

        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.err()).contains("is a link to something that is not there");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void tokensThatCannotBeReadAreNotOverwritten() throws Exception {
        Files.createDirectories(home("huggingface"));
        Files.writeString(home("huggingface/stored_tokens"), "[valuable\n");

        assertThat(login(READER).code()).isEqualTo(7);
        assertThat(home("huggingface/stored_tokens")).hasContent("[valuable");
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words"})
    void whatCannotBeATokenIsRefusedWithoutAskingAnybody(String token) throws Exception {
        assertThat(login(token).code()).isEqualTo(2);
        assertThat(lab.ledger().visits()).isEmpty();
    }

    @Test
    void aGatedRepositoryNamesItsPageAndWhatToDoAlsoBeforeAnythingIsFetched() throws Exception {
        for (String source : new String[] {"huggingface", "mirror"}) {
            Running.Ended ended = lab.program().run("acme-lab/gated", "--source", source, "--dry-run");

            assertThat(ended.code()).isEqualTo(4);
            assertThat(ended.err())
                    .startsWith("No access: acme-lab/gated needs permission: ")
                    .contains("/acme-lab/gated", "fetch login");
        }
        assertThat(lab.program()
                        .run("acme-lab/gated", "--source", "mirror", "--dry-run")
                        .err())
                .contains("https://huggingface.co/acme-lab/gated");
        login(SECOND);
        assertThat(lab.program()
                        .run("acme-lab/gated", "--source", "huggingface", "--dry-run")
                        .err())
                .contains("no access yet; ask for it at ");
        login(READER);
        assertThat(lab.program()
                        .run("acme-lab/gated", "--source", "huggingface", "--dry-run")
                        .code())
                .isZero();
    }

    @Test
    void aTokenIsInNoFileButItsOwn() throws Exception {
        login(READER);
        lab.program().run("acme-lab/gated");
        lab.program().run("whoami", "--json");

        for (String file : lab.filesAtHome()) {
            boolean own = file.equals("huggingface/token") || file.equals("huggingface/stored_tokens");
            assertThat(contains(home(file), READER)).as(file).isEqualTo(own);
        }
    }

    private static boolean contains(Path file, String text) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    }
}
