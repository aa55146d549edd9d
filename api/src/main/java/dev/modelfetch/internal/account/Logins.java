package dev.modelfetch.internal.account;

import dev.modelfetch.Accounts;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Login;
import dev.modelfetch.Logout;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.config.Settings;
import dev.modelfetch.internal.net.Redact;
import dev.modelfetch.internal.net.Secret;
import dev.modelfetch.internal.net.Setting;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.token.TokenStore;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.SourceException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Has tokens checked by the sources they are for, and stored where they are looked for. */
public final class Logins implements Accounts {

    private final Supplier<Sources> sources;
    private final Settings settings;
    private final boolean offline;

    /**
     * @param sources opened when first needed
     * @param offline whether no connection may be made
     */
    public Logins(Supplier<Sources> sources, Settings settings, boolean offline) {
        this.sources = sources;
        this.settings = settings;
        this.offline = offline;
    }

    @Override
    public Login whoami(String name) {
        List<Source> lines = sources.get().withToken(name);
        Source source = lines.get(0);
        String from = source.tokenFrom();
        if (from == null) {
            throw nobody(source);
        }
        Account account = ask(lines, "An answer whose token this is")
                .orElseThrow(() -> new FetchException.Unreachable(
                        Message.of(
                                "token-untold", "{0} does not tell whose token it is (from {1}).", place(source), from),
                        Hint.plain(
                                "Whether the token is right will be seen when something is fetched that needs it.")));
        return login(source, Optional.of(account), from, Optional.empty());
    }

    @Override
    public Login login(String name, String token) {
        Sources all = sources.get();
        String id = all.idOf(name);
        String clean = Secret.clean(id, new Setting(token, "the token that was given"));
        List<Source> lines = all.withToken(id, new Secret(clean));
        Source source = lines.get(0);
        Settings.StoredTokens stored = stored();
        TokenStore store = stored.of().apply(id);
        store.prepare();
        Optional<Account> account = ask(lines, "An answer about the token for " + id);
        String kept = store.keep(
                source.profile().endpoint(), clean, account.map(Account::name), account.flatMap(Account::tokenName));
        return login(
                source,
                account,
                kept,
                stored.offBy().apply(id).or(() -> stored.variable().apply(id)));
    }

    @Override
    public Logout logout(String name) {
        Sources all = sources.get();
        String id = all.idOf(name);
        Settings.StoredTokens stored = stored();
        URI endpoint = all.endpoint(id);
        TokenStore.Forgotten gone = stored.of().apply(id).forget(endpoint);
        return new Logout(id, gone.names(), gone.places(), stored.variable().apply(id));
    }

    @Override
    public Optional<URI> tokenPage(String name) {
        Sources all = sources.get();
        return all.tokenPage(all.idOf(name));
    }

    private Settings.StoredTokens stored() {
        Settings.StoredTokens stored = settings.stored();
        if (stored == null) {
            throw new FetchException.Usage(
                    "There is no place for tokens: this program was set up without an environment.",
                    "Set it up with one, or give it the token itself.");
        }
        return stored;
    }

    /**
     * By one line after the other, until somebody answers.
     *
     * @param what is asked, in words that can begin a sentence
     * @return empty if the source has no such question
     */
    private Optional<Account> ask(List<Source> lines, String what) {
        if (offline) {
            throw new FetchException.NotStored(
                    Message.of(
                            "needs-connection",
                            "{0} has to come from the hub, and no connection may be made.",
                            new Phrase.Clause(what)),
                    Hint.of("allow-connections", "Allow connections."));
        }
        List<Probe> probes = new ArrayList<>();
        for (Source source : lines) {
            long begun = System.nanoTime();
            try {
                return source.call("whoami", () -> source.backend().whoami()).await(Limits.EXAMINATION);
            } catch (SourceException e) {
                Verdict verdict = e.verdict();
                if (verdict.kind() == Verdict.Kind.NEEDS_AUTH) {
                    throw refused(source);
                }
                probes.add(new Probe(
                        source.id(),
                        Redact.url(source.profile().endpoint()),
                        source.route(),
                        verdict,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
                if (verdict.answered()) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FetchException.Cancelled();
            }
        }
        throw FetchException.ofNoSource(what, probes);
    }

    private FetchException.AccessDenied nobody(Source source) {
        Path unreadable = settings.unreadableTokens().get().get(source.id());
        return new FetchException.AccessDenied(
                unreadable == null
                        ? "There is no token for " + place(source) + "."
                        : "There is no token for " + place(source) + ": the file " + unreadable + " cannot be read.",
                Hint.of("log-in", "Log in, or give the source a token.", source.id()));
    }

    private FetchException.AccessDenied refused(Source source) {
        return new FetchException.AccessDenied(
                Message.of(
                        "token-refused",
                        "{0} refuses {1}.",
                        place(source),
                        new Phrase.Clause(token(String.valueOf(source.tokenFrom())))),
                tokenPage(source.id())
                        .map(page -> Hint.of(
                                "new-token-at", "Make a new token at " + page + ".", page.toString(), source.id()))
                        .orElseGet(() -> Hint.of("new-token", "Make a new token.", source.id())));
    }

    /** By the place where it was found, or by whoever gave it. */
    private static String token(String from) {
        return from.startsWith("the token") ? from : "the token from " + from;
    }

    private static String place(Source source) {
        return source.id() + " (" + Redact.url(source.profile().endpoint()) + ")";
    }

    private static Login login(Source source, Optional<Account> account, String from, Optional<String> overruledBy) {
        return new Login(
                source.id(),
                Redact.url(source.profile().endpoint()),
                account.map(Account::name),
                account.map(found -> found.organisations().stream().sorted().toList())
                        .orElse(List.of()),
                account.flatMap(Account::tokenName),
                from,
                overruledBy);
    }
}
