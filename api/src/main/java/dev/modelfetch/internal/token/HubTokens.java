package dev.modelfetch.internal.token;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of {@code hf auth login} (huggingface.md 3.2): {@code token} holds the one in use, {@code stored_tokens} beside
 * it all of them by name. They say nothing of an endpoint.
 */
public final class HubTokens implements TokenStore {

    private final Path active;
    private final Path profiles;

    /** @param active the file of the token in use */
    public HubTokens(Path active) {
        this.active = active;
        this.profiles = active.resolveSibling("stored_tokens");
    }

    @Override
    public Optional<Setting> read(URI endpoint) throws IOException {
        try {
            return Optional.of(TokenFile.read(active))
                    .filter(token -> !token.value().isBlank());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void prepare() {
        SecretFile.prepare(active);
        var unused = readable();
    }

    @Override
    public String keep(URI endpoint, String token, Optional<String> user, Optional<String> name) {
        // Without a name as those that the client has made itself.
        String heading = name.orElseGet(() -> "oauth-" + user.orElse("user"));
        // In this order, so that the token in use always has a name.
        SecretFile.write(profiles, readable().with(heading, token).text());
        SecretFile.write(active, token);
        return TokenFile.from(active);
    }

    /** As {@code hf auth logout} does where it is told no name: of all. */
    @Override
    public Forgotten forget(URI endpoint) {
        List<String> names = new ArrayList<>();
        try {
            names.addAll(profiles().names());
        } catch (IOException e) {
            // Goes as well, without its names being known.
        }
        List<String> places = new ArrayList<>();
        for (Path file : List.of(active, profiles)) {
            if (SecretFile.delete(file)) {
                places.add(file.toString());
            }
        }
        return new Forgotten(names, places);
    }

    private Profiles profiles() throws IOException {
        return Files.exists(profiles) ? Profiles.parse(TokenFile.text(profiles)) : Profiles.NONE;
    }

    /** What cannot be read is not overwritten: there may be tokens in it that are nowhere else. */
    private Profiles readable() {
        try {
            return profiles();
        } catch (IOException e) {
            throw new FetchException.Storage(
                    Message.of(
                            "tokens-unreadable",
                            "The tokens in {0} cannot be read: {1}.",
                            profiles,
                            new Phrase.Clause(String.valueOf(e.getMessage()))),
                    Hint.plain("Mend that file or move it away; nothing of it was changed."),
                    e);
        }
    }
}
