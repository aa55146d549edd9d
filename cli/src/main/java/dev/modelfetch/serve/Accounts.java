package dev.modelfetch.serve;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.Caller;
import dev.modelfetch.FetchException;
import dev.modelfetch.Repo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a box, by a file of the operator's: names, digests of tokens, what each may read and how much a day, and by
 * which token of the Hub. Of the bytes of a day nothing is remembered over a restart. Thread-safe.
 */
public final class Accounts {

    private static final long DAY_SECONDS = TimeUnit.DAYS.toSeconds(1);

    /** One of them. */
    static final class Account {

        /** Where nothing is said; an empty list is nothing. */
        private static final List<Pattern> EVERYTHING = List.of(Pattern.compile(".*"));

        private final String name;
        private final ByteString digest;
        private final List<Pattern> repos;
        private final long bytesPerDay;
        private final Caller caller;
        private final InstantSource clock;

        // Guarded by this.
        private long day;
        private long bytes;

        private Account(Entry entry, InstantSource clock) {
            this.name = entry.name();
            this.digest = ByteString.decodeHex(entry.sha256());
            this.repos = entry.repos() == null
                    ? EVERYTHING
                    : entry.repos().stream().map(Policy::pattern).toList();
            this.bytesPerDay = entry.bytesPerDay() == null ? Long.MAX_VALUE : entry.bytesPerDay();
            this.caller = entry.upstream() == null ? Caller.ANONYMOUS : tokenIn(Path.of(entry.upstream()));
            this.clock = clock;
        }

        String name() {
            return name;
        }

        /** Who it is for the Hub. */
        Caller caller() {
            return caller;
        }

        boolean mayReadAll() {
            return repos == EVERYTHING;
        }

        boolean mayRead(Repo repo) {
            return mayReadAll()
                    || repos.stream()
                            .anyMatch(each -> each.matcher(repo.toString()).matches());
        }

        synchronized void used(long more) {
            roll();
            bytes += more;
        }

        /** How long until it may read on; empty if it may now. */
        synchronized Optional<Duration> pause() {
            roll();
            long seconds = clock.instant().getEpochSecond();
            return bytes < bytesPerDay
                    ? Optional.empty()
                    : Optional.of(Duration.ofSeconds(DAY_SECONDS - seconds % DAY_SECONDS));
        }

        private void roll() {
            long today = clock.instant().getEpochSecond() / DAY_SECONDS;
            if (today != day) {
                day = today;
                bytes = 0;
            }
        }
    }

    private static final Set<String> WORDS = Set.of("name", "sha256", "repos", "bytesPerDay", "upstream");

    /** Everything of a path that may be null is checked when it is read. */
    private record Entry(
            String name,
            String sha256,
            @Nullable List<String> repos,
            @Nullable Long bytesPerDay,
            @Nullable String upstream) {}

    private record Document(int v, @Nullable List<Entry> accounts) {}

    private final List<Account> accounts;

    private Accounts(List<Account> accounts) {
        this.accounts = List.copyOf(accounts);
    }

    /** @throws FetchException.Usage if it cannot be read, or is no list of accounts */
    public static Accounts read(Path file, InstantSource clock) {
        try {
            return parse(Files.readString(file), file.toString(), clock);
        } catch (IOException e) {
            throw new FetchException.Usage(
                    "The accounts " + file + " cannot be read.", "Check the path and its permissions.", e);
        }
    }

    static Accounts parse(String text, String name, InstantSource clock) {
        try {
            Document document = new Gson().fromJson(text, Document.class);
            if (document == null || document.v() != 1 || document.accounts() == null) {
                throw new JsonParseException("\"v\" is not 1, or there are no \"accounts\"");
            }
            checkWords(JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("accounts"));
            List<Account> accounts = new ArrayList<>();
            for (Entry entry : document.accounts()) {
                if (entry == null || isBlank(entry.name()) || !isDigest(entry.sha256())) {
                    throw new JsonParseException("an account has to have a \"name\" and the \"sha256\" of its token");
                }
                accounts.add(new Account(entry, clock));
            }
            return new Accounts(accounts);
        } catch (JsonParseException e) {
            throw new FetchException.Usage(
                    name + " is no list of accounts: " + e.getMessage() + ".",
                    "Write {\"v\": 1, \"accounts\": [{\"name\": \"ann\", \"sha256\": \"…\"}]}, with sha256sum of the token.",
                    e);
        }
    }

    /** A word that is passed over may have been meant to keep somebody out. */
    private static void checkWords(JsonArray accounts) {
        for (JsonElement account : accounts) {
            for (String word :
                    account.isJsonObject() ? account.getAsJsonObject().keySet() : Set.<String>of()) {
                if (!WORDS.contains(word)) {
                    throw new JsonParseException("no account can have \"" + word + "\"");
                }
            }
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static boolean isDigest(@Nullable String text) {
        return text != null && text.toLowerCase(Locale.ROOT).matches("[0-9a-f]{64}");
    }

    private static Caller tokenIn(Path file) {
        try {
            return Caller.withToken(Files.readString(file).strip());
        } catch (IOException e) {
            throw new FetchException.Usage(
                    "The token " + file + " cannot be read.", "Check the path and its permissions.", e);
        }
    }

    /** Whose token it is; takes as long for every token. */
    Optional<Account> of(String token) {
        byte[] digest =
                ByteString.of(token.getBytes(StandardCharsets.UTF_8)).sha256().toByteArray();
        Account found = null;
        for (Account account : accounts) {
            int difference = 0;
            for (int i = 0; i < digest.length; i++) {
                difference |= digest[i] ^ account.digest.getByte(i);
            }
            found = difference == 0 ? account : found;
        }
        return Optional.ofNullable(found);
    }
}
