package dev.modelfetch.internal.choice;

import dev.modelfetch.Hint;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.NotHere;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.internal.config.Suggestion;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.spi.SourceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What somebody may have meant who has asked for what is not there. Asks only those that have heard the name, all at once,
 * and not for long: an answer that comes late helps nobody who waits for the failure.
 */
final class Instead {

    /** More are a list that nobody reads. */
    private static final int MOST = 8;

    private final Repo repo;
    private final Executor executor;

    Instead(Repo repo, Executor executor) {
        this.repo = repo;
        this.executor = executor;
    }

    /** @param bySource all that were asked, by source */
    List<Hint> of(Collection<List<Candidate>> bySource) throws InterruptedException {
        List<FutureTask<Optional<Hint>>> questions = new ArrayList<>();
        for (List<Candidate> lines : bySource) {
            lines.stream()
                    .flatMap(line -> missing(line).map(what -> questions(line.source(), what)).stream())
                    .findFirst()
                    .ifPresent(questions::addAll);
        }
        questions.forEach(executor::execute);
        long untilNanos = System.nanoTime() + Limits.AFTERTHOUGHT.toNanos();
        List<Hint> hints = new ArrayList<>();
        try {
            for (FutureTask<Optional<Hint>> asked : questions) {
                answer(asked, untilNanos)
                        .filter(hint ->
                                hints.stream().noneMatch(other -> other.code().equals(hint.code())))
                        .ifPresent(hints::add);
            }
            return hints;
        } finally {
            questions.forEach(asked -> asked.cancel(true));
        }
    }

    private static Optional<What> missing(Candidate candidate) {
        return candidate
                .answer()
                .map(answer -> answer.verdict() instanceof NotHere absent && absent.answered() ? absent.what() : null);
    }

    private List<FutureTask<Optional<Hint>>> questions(Source source, What missing) {
        Stream<FutureTask<Optional<Hint>>> types = missing == What.REPOSITORY
                ? Arrays.stream(RepoType.values())
                        .filter(type -> type != repo.type())
                        .map(type -> new FutureTask<>(() -> typed(source, type)))
                : Stream.empty();
        return Stream.concat(Stream.of(new FutureTask<>(() -> names(source, missing))), types)
                .toList();
    }

    /** Empty if it has nothing to say, or not in time. */
    private static Optional<Hint> answer(FutureTask<Optional<Hint>> asked, long untilNanos)
            throws InterruptedException {
        try {
            return asked.get(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private Optional<Hint> names(Source source, What missing) throws InterruptedException {
        List<String> there;
        try {
            there = source.call("instead", () -> source.backend().instead(repo, missing))
                    .await(Limits.AFTERTHOUGHT);
        } catch (SourceException e) {
            return Optional.empty();
        }
        if (missing == What.REVISION) {
            String names = String.join(", ", there.subList(0, Math.min(MOST, there.size())));
            String all = there.size() > MOST ? names + ", …" : names;
            return there.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Hint.of(
                            "revisions-there",
                            "Branches and tags at " + source.id() + ": " + all + ".",
                            all,
                            source.id()));
        }
        return Suggestion.forName(repo.id(), there)
                .map(id -> repo.type() == RepoType.MODEL ? id : repo.type().plural() + "/" + id)
                .map(meant -> Hint.of("did-you-mean-repo", "Did you mean " + meant + "?", meant));
    }

    private Optional<Hint> typed(Source source, RepoType type) throws InterruptedException {
        Repo other = Repo.of(type, repo.id());
        try {
            return new Candidate(source, other, null)
                                    .ask(executor)
                                    .get(Limits.AFTERTHOUGHT.toMillis(), TimeUnit.MILLISECONDS)
                                    .verdict()
                                    .kind()
                            == Verdict.Kind.USABLE
                    ? Optional.of(Hint.of(
                            "other-type",
                            "It is a " + type.word() + " at " + source.id() + "; write " + typed(other) + ".",
                            type.word(),
                            source.id(),
                            typed(other)))
                    : Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** As it is written where no option says the type. */
    private static String typed(Repo repo) {
        return repo.type().plural() + "/" + repo.id();
    }
}
