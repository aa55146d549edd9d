package dev.modelfetch.cli;

import dev.modelfetch.FetchException;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.LockFile;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Repo;
import dev.modelfetch.StoredCheck;
import dev.modelfetch.cli.screen.CheckLines;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Messages;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fetch verify REPO | --local-dir DIR}: hashes again what is stored. */
final class VerifyCommand implements Command {

    private final Surroundings around;
    private final RepoOptions what = new RepoOptions();
    private final SourceOptions sources = new SourceOptions();
    private final StoreOptions store = new StoreOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable String repo;
    private boolean offline;
    private @Nullable LockFile locked;

    VerifyCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.optionalParameter("REPO", "arg.verify-repo", said -> repo = said);
        what.declare(options);
        sources.declare(options);
        store.declare(options);
        options.flag("--offline", said -> offline = said);
        options.value("--locked", "FILE", "verify-locked", file -> LockFile.read(Path.of(file)), said -> locked = said);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Target target = target();
        try (Modelfetch modelfetch = session.open(sources, store.hubCache())) {
            if (target == null) {
                return answer(modelfetch.verify(directory()), advice(), session.messages());
            }
            FetchRequest request = session.request(modelfetch, target, sources, offline)
                    .destination(store.destination())
                    .locked(locked)
                    .build();
            return answer(modelfetch.verify(request), advice(), session.messages());
        }
    }

    private Path directory() {
        if (store.localDir == null) {
            throw new FetchException.Usage(
                    "There is nothing named to verify.", "Name a repository, or a directory with --local-dir.");
        }
        if (!what.selection(List.of()).isEverything()) {
            throw new FetchException.Usage(
                    "It is not said of which repository a part is to be verified.", "Name the repository as well.");
        }
        return store.localDir.toAbsolutePath();
    }

    /** A lock file names its repository, so that it need not be typed again; null when nothing does. */
    private @Nullable Target target() {
        if (repo != null) {
            return what.target(repo, List.of());
        }
        return locked == null
                ? null
                : new Target(Repo.of(locked.type(), locked.repo()), null, what.selection(List.of()));
    }

    /** A plain directory is its owner's: what was changed there is not replaced. */
    private String advice() {
        return store.localDir == null
                ? "Run fetch again for the same repository; it replaces what is damaged or missing."
                : "Run fetch again for the same repository; it replaces what is damaged or missing. What you changed yourself it leaves alone; move that away first.";
    }

    private static Answer answer(StoredCheck check, String advice, Messages messages) {
        List<String> lines = CheckLines.of(check, messages);
        if (check.ok()) {
            return Answer.success(Json.check(check), lines, List.of());
        }
        FetchException.Corrupt corrupt = new FetchException.Corrupt(
                Message.of("damaged-directory", "What is stored under {0} is not what was published.", check.path()),
                Hint.plain(advice));
        return Answer.failure(Exit.of(corrupt), Json.check(check), lines);
    }
}
