package dev.modelfetch.internal.doctor;

import dev.modelfetch.Repo;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Candidate;
import dev.modelfetch.internal.choice.FirstByte;
import dev.modelfetch.internal.choice.PluginCall;
import dev.modelfetch.internal.choice.Source;
import dev.modelfetch.internal.doctor.Seen.Data;
import dev.modelfetch.internal.doctor.Seen.Token;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.HttpClients;
import dev.modelfetch.internal.net.Look;
import dev.modelfetch.internal.net.Sighting;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Account;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Asks one source whatever it can be asked, all at once, and is done when the time is over. */
final class Checkup implements Callable<Seen> {

    /** Nobody is blamed for not having answered in less. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Source source;
    private final Repo sample;
    private final Optional<Path> unreadableToken;
    private final HttpClients clients;
    private final Executor executor;
    private final InstantSource clock;
    private final long untilNanos = System.nanoTime() + Limits.EXAMINATION.toNanos();

    /**
     * @param sample repository that every hub should have
     * @param unreadableToken file that should hold its token
     */
    Checkup(
            Source source,
            Repo sample,
            Optional<Path> unreadableToken,
            HttpClients clients,
            Executor executor,
            InstantSource clock) {
        this.source = source;
        this.unreadableToken = unreadableToken;
        this.sample = sample;
        this.clients = clients;
        this.executor = executor;
        this.clock = clock;
    }

    /** Its id. */
    String source() {
        return source.id();
    }

    private Optional<HttpUrl> endpoint() {
        return Endpoints.isWeb(source.profile().endpoint())
                ? Optional.of(Endpoints.web(source.profile().endpoint()))
                : Optional.empty();
    }

    @Override
    public Seen call() throws InterruptedException {
        Optional<Look> look = endpoint().map(url -> Look.begin(clients, source.line(), url, clock, Limits.EXAMINATION));
        PluginCall<Optional<Account>> account =
                source.hasToken() ? source.call("whoami", () -> source.backend().whoami()) : null;
        Candidate candidate = new Candidate(source, sample, null);
        await(candidate);
        Data data = data(candidate);
        Token token = token(account);
        Optional<Sighting> way = look.isPresent() ? Optional.of(look.get().await(rest(candidate))) : Optional.empty();
        return new Seen(way, candidate.probe(), token, data);
    }

    /** Where the hub itself is silent, the look has had the same time, and there is nothing to wait for. */
    private Duration rest(Candidate candidate) {
        boolean answered =
                candidate.answer().isPresent() && candidate.probe().verdict().answered();
        return answered || left().compareTo(SHORTEST) < 0 ? left() : SHORTEST;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime()));
    }

    private void await(Candidate candidate) throws InterruptedException {
        try {
            candidate.ask(executor).get(left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Its probe says so.
        }
    }

    private Data data(Candidate candidate) throws InterruptedException {
        HttpUrl url = endpoint().orElse(null);
        if (url == null) {
            return new Data.None();
        }
        Resolved resolved = candidate.answer().map(Candidate.Answer::resolved).orElse(null);
        if (resolved == null) {
            return candidate.probe().verdict().kind() == Verdict.Kind.NOT_HERE
                    ? new Data.NoSample(sample.toString())
                    : new Data.Unasked();
        }
        if (left().compareTo(SHORTEST) < 0) {
            return new Data.Unasked();
        }
        try {
            return source.call("its data host", () -> new FirstByte(source, url, 1, left()).of(resolved))
                    .await(left())
                    .map(sender -> sender.at().<Data>map(this::from).orElseGet(Data.None::new))
                    .orElseGet(() -> new Data.NoSample(sample.toString()));
        } catch (SourceException e) {
            return new Data.Fails(
                    left().isZero() ? "no answer in time" : e.verdict().detail());
        }
    }

    private Data from(HttpUrl sender) {
        return new Data.From(Endpoints.name(sender), source.line().textFor(Endpoints.name(sender)));
    }

    private Token token(@Nullable PluginCall<Optional<Account>> account) throws InterruptedException {
        String from = source.tokenFrom();
        if (account == null || from == null) {
            return unreadableToken.<Token>map(Token.Unreadable::new).orElseGet(Token.None::new);
        }
        try {
            return account.await(left()).isPresent() ? new Token.Accepted(from) : new Token.Untold(from);
        } catch (SourceException e) {
            return e.verdict().kind() == Verdict.Kind.NEEDS_AUTH
                    ? new Token.Refused(from)
                    : new Token.Unasked(from, e.verdict().detail());
        }
    }
}
