package dev.modelfetch.internal.token;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our own file of tokens, for sources whose own tools have none that we could share. Each is bound to the endpoint that it
 * was checked with, and never shown to another (mirrors.md 6.1).
 */
public final class OwnTokens implements TokenStore {

    private static final int VERSION = 1;
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final Path file;
    private final String source;

    public OwnTokens(Path file, String source) {
        this.file = file;
        this.source = source;
    }

    private record Content(int v, @Nullable List<@Nullable Row> tokens) {

        List<Row> rows() {
            return tokens == null
                    ? List.of()
                    : tokens.stream().filter(Objects::nonNull).toList();
        }
    }

    private record Row(
            @Nullable String source,
            @Nullable String endpoint,
            @Nullable String name,
            @Nullable String token) {

        boolean isOf(String asked, String place) {
            return asked.equals(source) && place.equals(endpoint);
        }
    }

    @Override
    public Optional<Setting> read(URI endpoint) throws IOException {
        return rows().stream()
                .filter(row -> row.isOf(source, place(endpoint)))
                .flatMap(row -> Stream.ofNullable(row.token()))
                .filter(token -> !token.isBlank())
                .findFirst()
                .map(token -> new Setting(token, TokenFile.from(file)));
    }

    @Override
    public void prepare() {
        SecretFile.prepare(file);
        var unused = readable();
    }

    @Override
    public String keep(URI endpoint, String token, Optional<String> user, Optional<String> name) {
        String called = name.or(() -> user).orElse(null);
        write(Stream.concat(others(endpoint), Stream.of(new Row(source, place(endpoint), called, token)))
                .toList());
        return TokenFile.from(file);
    }

    @Override
    public Forgotten forget(URI endpoint) {
        List<Row> gone = new ArrayList<>(readable());
        List<Row> rest = others(endpoint).toList();
        gone.removeAll(rest);
        if (gone.isEmpty()) {
            return new Forgotten(List.of(), List.of());
        }
        if (rest.isEmpty()) {
            SecretFile.delete(file);
        } else {
            write(rest);
        }
        return new Forgotten(
                gone.stream().flatMap(row -> Stream.ofNullable(row.name())).toList(), List.of(file.toString()));
    }

    /** Origin, as far as there is one: a token is for all that is there. */
    private static String place(URI endpoint) {
        String host = endpoint.getHost();
        if (host == null) {
            return endpoint.toString();
        }
        return endpoint.getScheme() + "://" + host + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    }

    private Stream<Row> others(URI endpoint) {
        return readable().stream().filter(row -> !row.isOf(source, place(endpoint)));
    }

    private List<Row> rows() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Content content = GSON.fromJson(TokenFile.text(file), Content.class);
            if (content == null || content.v() != VERSION) {
                throw new IOException("it is of another version of this program");
            }
            return content.rows();
        } catch (JsonParseException e) {
            // Its own words may quote what it stumbled over.
            throw new IOException("it is not valid JSON", e);
        }
    }

    /** What cannot be read is not overwritten: there may be tokens in it that are nowhere else. */
    private List<Row> readable() {
        try {
            return rows();
        } catch (IOException e) {
            throw new FetchException.Storage(
                    Message.of(
                            "tokens-unreadable",
                            "The tokens in {0} cannot be read: {1}.",
                            file,
                            new Phrase.Clause(String.valueOf(e.getMessage()))),
                    Hint.plain("Mend that file or move it away; nothing of it was changed."));
        }
    }

    private void write(List<Row> rows) {
        List<Row> sorted = rows.stream()
                .sorted(Comparator.comparing(row -> row.source() + " " + row.endpoint()))
                .toList();
        SecretFile.write(file, GSON.toJson(new Content(VERSION, new ArrayList<>(sorted))) + "\n");
    }
}
