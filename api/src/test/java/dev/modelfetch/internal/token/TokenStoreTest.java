package dev.modelfetch.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfetch.FetchException;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {

    private static final URI HUB = URI.create("https://hub.test/");
    private static final URI OTHER = URI.create("https://other.test/");

    @TempDir
    Path temp;

    private HubTokens hub() {
        return new HubTokens(temp.resolve("home/token"));
    }

    private OwnTokens own(String source) {
        return new OwnTokens(temp.resolve("config/tokens.json"), source);
    }

    private static Optional<String> in(TokenStore store, URI endpoint) throws IOException {
        return store.read(endpoint).map(Setting::value);
    }

    @Test
    void theHubsTokenIsKeptAsItsClientKeepsIt() throws IOException {
        String from = hub().keep(HUB, "secret", Optional.of("jdoe"), Optional.of("ci-read"));

        assertThat(temp.resolve("home/token")).hasContent("secret");
        assertThat(Files.size(temp.resolve("home/token"))).isEqualTo(6);
        assertThat(temp.resolve("home/stored_tokens")).hasContent("[ci-read]\nhf_token = secret\n\n");
        assertThat(from).isEqualTo("the file " + temp.resolve("home/token"));
        assertThat(in(hub(), OTHER)).contains("secret");
    }

    @Test
    void aTokenWithoutANameIsCalledAfterItsUser() {
        hub().keep(HUB, "secret", Optional.of("jdoe"), Optional.empty());

        assertThat(temp.resolve("home/stored_tokens")).content().startsWith("[oauth-jdoe]");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobodyElseMayReadWhatIsKept() throws IOException {
        hub().keep(HUB, "secret", Optional.empty(), Optional.empty());
        own("mirror").keep(HUB, "secret", Optional.empty(), Optional.empty());

        for (String file : List.of("home/token", "home/stored_tokens", "config/tokens.json")) {
            assertThat(permissions(temp.resolve(file))).as(file).isEqualTo("rw-------");
        }
        assertThat(permissions(temp.resolve("home"))).isEqualTo("rwx------");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatOthersCouldReadIsReplacedByOneThatTheyCannotAndItsFolderStaysShared() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("home"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));
        Path token = Files.writeString(folder.resolve("token"), "old");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

        hub().keep(HUB, "secret", Optional.empty(), Optional.empty());

        assertThat(permissions(token)).isEqualTo("rw-------");
        assertThat(permissions(folder)).isEqualTo("rwxrwxr-x");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToWhereItIsKeptStays() throws IOException {
        Path elsewhere = Files.writeString(temp.resolve("elsewhere"), "old");
        Files.createDirectory(temp.resolve("home"));
        Files.createSymbolicLink(temp.resolve("home/token"), elsewhere);

        hub().keep(HUB, "secret", Optional.empty(), Optional.empty());

        assertThat(temp.resolve("home/token")).isSymbolicLink();
        assertThat(elsewhere).hasContent("secret");
    }

    @Test
    void logoutTakesEveryTokenOfTheHub() throws IOException {
        hub().keep(HUB, "one", Optional.empty(), Optional.of("a"));
        hub().keep(HUB, "two", Optional.empty(), Optional.of("b"));

        TokenStore.Forgotten gone = hub().forget(HUB);

        assertThat(gone.names()).containsExactly("a", "b");
        assertThat(gone.places()).hasSize(2);
        assertThat(in(hub(), HUB)).isEmpty();
        try (Stream<Path> left = Files.list(temp.resolve("home"))) {
            assertThat(left).isEmpty();
        }
        assertThat(hub().forget(HUB).places()).isEmpty();
    }

    @Test
    void aFileOfTokensThatCannotBeReadIsNotOverwritten() throws IOException {
        Files.createDirectory(temp.resolve("home"));
        Files.writeString(temp.resolve("home/stored_tokens"), "valuable\n");

        assertThatThrownBy(() -> hub().prepare())
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("stored_tokens")
                .hasMessageNotContaining("valuable");
        assertThatThrownBy(() -> hub().keep(HUB, "secret", Optional.empty(), Optional.empty()))
                .isInstanceOf(FetchException.Storage.class);
        assertThat(temp.resolve("home/stored_tokens")).hasContent("valuable");
        assertThat(temp.resolve("home/token")).doesNotExist();
    }

    @Test
    void storedTokensAreReadWhateverEditorWroteThem() throws IOException {
        Files.createDirectory(temp.resolve("home"));
        Files.write(
                temp.resolve("home/stored_tokens"),
                "\uFEFF[笔记本]\r\nhf_token = old\r\n".getBytes(StandardCharsets.UTF_16LE));

        hub().keep(HUB, "secret", Optional.empty(), Optional.of("new"));

        assertThat(temp.resolve("home/stored_tokens"))
                .hasContent("[new]\nhf_token = secret\n\n[笔记本]\nhf_token = old\n\n");
    }

    @Test
    void aTokenOfOursIsForOneEndpointOfOneSource() throws IOException {
        own("mirror").keep(URI.create("https://hub.test/prefix/"), "secret", Optional.of("jdoe"), Optional.empty());

        assertThat(in(own("mirror"), HUB)).contains("secret");
        assertThat(in(own("mirror"), OTHER)).isEmpty();
        assertThat(in(own("mirror"), URI.create("http://hub.test/"))).isEmpty();
        assertThat(in(own("mirror"), URI.create("https://hub.test:8443/"))).isEmpty();
        assertThat(in(own("modelscope"), HUB)).isEmpty();
    }

    @Test
    void tokensOfOursStandSideBySide() throws IOException {
        own("mirror").keep(HUB, "one", Optional.empty(), Optional.empty());
        own("mirror").keep(OTHER, "two", Optional.empty(), Optional.empty());
        own("modelscope").keep(HUB, "three", Optional.empty(), Optional.empty());
        own("mirror").keep(HUB, "four", Optional.of("jdoe"), Optional.empty());

        assertThat(own("mirror").forget(HUB).names()).containsExactly("jdoe");
        assertThat(in(own("mirror"), HUB)).isEmpty();
        assertThat(in(own("mirror"), OTHER)).contains("two");
        assertThat(in(own("modelscope"), HUB)).contains("three");
        own("mirror").forget(OTHER);
        own("modelscope").forget(HUB);
        assertThat(temp.resolve("config/tokens.json")).doesNotExist();
    }

    @Test
    void aDamagedFileOfOursIsNeitherReadNorOverwritten() throws IOException {
        Files.createDirectory(temp.resolve("config"));
        Files.writeString(temp.resolve("config/tokens.json"), "{\"v\":1,\"tokens\":[{\"token\":\"valuable");

        assertThatThrownBy(() -> own("mirror").read(HUB))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("valuable");
        assertThatThrownBy(() -> own("mirror").prepare())
                .isInstanceOf(FetchException.Storage.class)
                .hasMessageContaining("tokens.json")
                .hasMessageNotContaining("valuable");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderThatIsALinkToNowhereIsNamed() throws IOException {
        Files.createSymbolicLink(temp.resolve("home"), temp.resolve("gone"));

        assertThatThrownBy(() -> hub().prepare())
                .isInstanceOf(FetchException.Storage.class)
                .hasMessage(temp.resolve("home") + " is a link to something that is not there.");
    }
}
