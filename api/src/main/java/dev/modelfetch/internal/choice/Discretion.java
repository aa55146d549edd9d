package dev.modelfetch.internal.choice;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Repo;
import dev.modelfetch.internal.net.Endpoints;
import dev.modelfetch.internal.net.Line;
import dev.modelfetch.internal.net.PrivateHosts;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.Account;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Whether the name of a repository may be shown to other hubs than the token's own. It may,
 *
 * <ul>
 *   <li>if anybody can see the repository: it is shown without the token, was before, or is printed in a table that we ship;
 *   <li>if it cannot be one that only this token shows: its owner is neither the user nor an organisation of theirs.
 * </ul>
 *
 * <p>What is not known is asked at the token's own hub, which hears the name anyway. What stays undecided is not shown.
 */
public final class Discretion {

    private final Repo repo;
    private final @Nullable String revision;
    private final List<Source> allowed;
    private final List<Source> guarded;
    private final long begunNanos;
    private @Nullable CompletableFuture<Boolean> asked;

    /** @param allowed all that would be asked */
    Discretion(Repo repo, @Nullable String revision, List<Source> allowed, long begunNanos) {
        this.repo = repo;
        this.revision = revision;
        this.allowed = allowed;
        this.guarded = allowed.stream()
                .filter(Source::hasToken)
                .map(Source::id)
                .distinct()
                .map(id -> lineToAsk(allowed, id))
                .toList();
        this.begunNanos = begunNanos;
    }

    /** Of that job; empty if none of the sources has a token, or none is beside it, or the name is said to be public. */
    static Optional<Discretion> of(FetchRequest request, List<Source> allowed, long begunNanos) {
        boolean guarded = !request.isPublic()
                && allowed.stream().anyMatch(Source::hasToken)
                && allowed.stream().map(Source::id).distinct().count() > 1;
        return guarded
                ? Optional.of(new Discretion(request.repo(), request.revision().orElse(null), allowed, begunNanos))
                : Optional.empty();
    }

    /**
     * Those of the sources that may hear the name, which is found out if it is not known.
     *
     * @param allowed by the request
     */
    public static List<Source> confidants(FetchRequest request, List<Source> allowed, Executor executor)
            throws InterruptedException {
        Discretion discretion = of(request, allowed, System.nanoTime()).orElse(null);
        if (discretion == null || discretion.isOpen()) {
            return allowed;
        }
        AtomicBoolean open = new AtomicBoolean();
        discretion.ask(executor, () -> open.set(true));
        var unused = discretion.await();
        return open.get() ? allowed : allowed.stream().filter(Source::hasToken).toList();
    }

    /** One line is enough: the first, unless it is known not to lead there. */
    private static Source lineToAsk(List<Source> allowed, String id) {
        return allowed.stream()
                .filter(source -> source.id().equals(id) && source.line().role() != Line.Role.SPARE)
                .min(Comparator.comparing(source -> source.history().avoided().isPresent()))
                .orElseThrow();
    }

    /** Whether it is known beforehand that every hub may hear the name. */
    boolean isOpen() {
        return guarded.stream().allMatch(this::isOpen);
    }

    private boolean isOpen(Source source) {
        TokenInPlay token = source.token();
        if (repo.owner().isEmpty() || allowed.stream().anyMatch(each -> hasShown(each, source))) {
            return true;
        }
        Optional<Boolean> mayOwn =
                token == null ? Optional.empty() : token.mayOwn(repo.owner().get());
        // Printed or not: what may be theirs is shown to nobody.
        return mayOwn.map(may -> !may).orElseGet(() -> allowed.stream().anyMatch(this::isWellKnownTo));
    }

    /** Somebody who shows things to the whole world, or the token's own hub, has shown it without a token. */
    private boolean hasShown(Source witness, Source own) {
        boolean counts = witness.id().equals(own.id())
                || (witness.profile().family().equals(own.profile().family())
                        && Endpoints.isWeb(witness.profile().endpoint())
                        && !PrivateHosts.isPrivate(
                                Endpoints.web(witness.profile().endpoint()).host()));
        return counts && witness.history().wasSeenOpenly(repo);
    }

    /** Code that breaks has said nothing. */
    private boolean isWellKnownTo(Source source) {
        try {
            return source.backend().isWellKnown(repo);
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    /**
     * Asks the token's own hubs, once and without waiting.
     *
     * @param whenOpen called if it turns out that every hub may hear the name
     */
    void ask(Executor executor, Runnable whenOpen) {
        if (asked == null) {
            List<CompletableFuture<Boolean>> findings =
                    guarded.stream().map(source -> ask(source, executor)).toList();
            asked = CompletableFuture.allOf(findings.toArray(new CompletableFuture<?>[0]))
                    .thenApply(all -> findings.stream().allMatch(CompletableFuture::join))
                    .whenComplete((open, failure) -> {
                        if (Boolean.TRUE.equals(open)) {
                            whenOpen.run();
                        }
                    });
        }
    }

    /** Waits for what has been asked, no longer than a race would; true if something was still to come. */
    boolean await() throws InterruptedException {
        CompletableFuture<Boolean> pending = asked;
        if (pending == null || pending.isDone()) {
            return false;
        }
        try {
            var unused = pending.get(Limits.RACE.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private CompletableFuture<Boolean> ask(Source source, Executor executor) {
        TokenInPlay token = source.token();
        if (isOpen(source)) {
            return CompletableFuture.completedFuture(true);
        }
        if (token == null) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> shown = new Candidate(token.without().get(), repo, revision, begunNanos)
                .ask(executor)
                .thenApply(answer -> answer.resolved() != null);
        CompletableFuture<Boolean> foreign =
                token.mayOwn(repo.owner().orElse("")).isPresent()
                        ? CompletableFuture.completedFuture(false)
                        : source.call(executor, "whoami", () -> source.backend().whoami())
                                .within(Limits.LONGEST_ANSWER)
                                .thenApply(account -> isForeign(token, account))
                                .exceptionally(failure -> false);
        return firstTrue(shown, foreign);
    }

    private boolean isForeign(TokenInPlay token, Optional<Account> account) {
        account.ifPresent(token::learn);
        return account.isPresent() && !token.mayOwn(repo.owner().orElse("")).orElse(true);
    }

    /** True as soon as one of them is, false once both are not. */
    private static CompletableFuture<Boolean> firstTrue(
            CompletableFuture<Boolean> one, CompletableFuture<Boolean> other) {
        CompletableFuture<Boolean> either = new CompletableFuture<>();
        for (CompletableFuture<Boolean> each : List.of(one, other)) {
            var unused = each.whenComplete((yes, failure) -> {
                if (Boolean.TRUE.equals(yes)) {
                    either.complete(true);
                }
            });
        }
        // Whichever of these is told first.
        var unused = CompletableFuture.allOf(one, other)
                .whenComplete((all, failure) -> either.complete(isTrue(one) || isTrue(other)));
        return either;
    }

    private static boolean isTrue(CompletableFuture<Boolean> done) {
        return !done.isCompletedExceptionally() && done.join();
    }
}
