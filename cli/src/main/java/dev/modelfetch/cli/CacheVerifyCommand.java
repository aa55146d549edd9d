package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.Cache;
import dev.modelfetch.CacheContents;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Selection;
import dev.modelfetch.cli.screen.CacheCheckLines;
import dev.modelfetch.cli.screen.CacheJson;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.StoredRevisionCheck;
import dev.modelfetch.cli.screen.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** {@code fetch cache verify [REPO...]}: hashes again what is stored, and on demand fetches again what is damaged. */
final class CacheVerifyCommand implements Command {

    private final Surroundings around;
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private List<String> targets = new ArrayList<>();
    private boolean repair;
    private @Nullable Path cacheDir;

    CacheVerifyCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.parameters("REPO", "arg.cache-repo", false, said -> targets = said);
        options.flag("--repair", said -> repair = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        sources.declare(options);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, true, this::run);
    }

    private Answer run(Session session) throws InterruptedException {
        try (Modelfetch modelfetch = session.open(sources, cacheDir)) {
            Cache cache = modelfetch.cache();
            List<CachedRepo> chosen = chosen(cache.contents(), session);
            List<StoredRevisionCheck> checks = StoredRevisionCheck.of(chosen, cache.verify(chosen, session.checks()));
            CacheCheckLines lines = new CacheCheckLines(session.messages());
            JsonObject json = CacheJson.checks(cache.root(), checks);
            List<StoredRevisionCheck> damaged =
                    checks.stream().filter(each -> !each.check().ok()).toList();
            if (damaged.isEmpty()) {
                return Answer.success(json, lines.of(checks), List.of());
            }
            if (!repair) {
                return Answer.failure(Exit.of(corrupt(cache.root())), json, lines.of(checks));
            }
            // What was found stands above what is done about it.
            lines.damaged(damaged).forEach(line -> session.note(Line.bad(line)));
            Exit failure = null;
            for (StoredRevisionCheck each : damaged) {
                Exit exit = repair(modelfetch, session, each);
                failure = failure == null ? exit : failure;
            }
            json.addProperty("repaired", failure == null);
            return failure == null
                    ? Answer.success(json, lines.repaired(checks), List.of())
                    : Answer.failure(failure, json, lines.of(checks));
        }
    }

    private List<CachedRepo> chosen(CacheContents contents, Session session) {
        List<CachedRepo> chosen =
                targets.isEmpty() ? contents.repositories() : new CacheNames(contents).repositories(targets);
        chosen.stream()
                .filter(repo -> repo.repo().isEmpty())
                .forEach(repo -> session.note(Line.note(session.messages().say("cache.not-checked", repo.key()))));
        return chosen.stream().filter(repo -> repo.repo().isPresent()).toList();
    }

    /** Null if that went well; the others are repaired nevertheless. */
    private @Nullable Exit repair(Modelfetch modelfetch, Session session, StoredRevisionCheck damaged)
            throws InterruptedException {
        Target target = new Target(
                damaged.repo().repo().orElseThrow(),
                damaged.check().commit(),
                Selection.all().files(damaged.files().toArray(new String[0])));
        FetchRequest request =
                session.request(modelfetch, target, sources, false).build();
        FetchJob job = modelfetch.start(request, session.listener());
        session.onInterrupt(job::cancel);
        try {
            Summary.lines(job.result().get(), session.messages()).forEach(session::note);
            return null;
        } catch (ExecutionException e) {
            Exit exit = Exit.of(e);
            exit.lines(session.messages()).forEach(session::note);
            return exit;
        }
    }

    private static FetchException.Corrupt corrupt(Path root) {
        return new FetchException.Corrupt(
                Message.of("damaged-cache", "What is stored in {0} is not what was published.", root),
                Hint.plain("Run the same command with --repair to fetch again what is damaged or missing."));
    }
}
