package dev.modelfetch.cli;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.FetchResult;
import dev.modelfetch.LockFile;
import dev.modelfetch.Plan;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.PlanTable;
import dev.modelfetch.cli.screen.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fetch REPO [FILE...]}: the main job. */
@Command(name = "fetch", mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {

    private final Surroundings around;

    @Parameters(index = "0", paramLabel = "REPO", descriptionKey = "arg.repo")
    String repo = "";

    @Parameters(index = "1..*", paramLabel = "FILE", arity = "0..*", descriptionKey = "arg.file")
    List<String> files = new ArrayList<>();

    @Mixin
    RepoOptions what = new RepoOptions();

    @Mixin
    SourceOptions sources = new SourceOptions();

    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(names = "--max-workers", paramLabel = "N", descriptionKey = "opt.max-workers")
    @Nullable
    Integer maxWorkers;

    @Option(names = "--connections", paramLabel = "N", descriptionKey = "opt.connections")
    @Nullable
    Integer connections;

    @Option(names = "--single-source", descriptionKey = "opt.single-source")
    boolean singleSource;

    @Option(names = "--limit-rate", paramLabel = "RATE", descriptionKey = "opt.limit-rate")
    @Nullable
    Rate limitRate;

    @Option(names = "--give-up-after", paramLabel = "TIME", descriptionKey = "opt.give-up-after")
    @Nullable
    Patience giveUpAfter;

    @Option(names = "--dry-run", descriptionKey = "opt.dry-run")
    boolean dryRun;

    @Option(names = "--force", descriptionKey = "opt.force")
    boolean force;

    @Option(names = "--offline", descriptionKey = "opt.offline")
    boolean offline;

    @Option(names = "--lock", paramLabel = "FILE", descriptionKey = "opt.lock")
    @Nullable
    Path lock;

    @Option(names = "--locked", paramLabel = "FILE", descriptionKey = "opt.locked")
    @Nullable
    LockFile locked;

    @Mixin
    OutputOptions output = new OutputOptions();

    // Options of the former Python command line: scripts still pass them, and what they ask for is a matter of course.
    @Option(names = "--resume-download", hidden = true)
    boolean resumeDownload;

    @Option(names = "--local-dir-use-symlinks", hidden = true, paramLabel = "WHEN")
    @Nullable
    String localDirUseSymlinks;

    FetchCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        return Session.run(around, output, !dryRun, this::run);
    }

    private Answer run(Session session) throws Exception {
        warnOfOldOptions(session);
        Target target = what.target(repo, files);
        try (Calls calls = session.open(sources, store.cacheDir)) {
            FetchRequest request = request(session.request(calls, target, sources, offline));
            return dryRun ? plan(calls, session, request) : fetch(calls, session, request);
        }
    }

    private FetchRequest request(FetchRequest.Builder builder) {
        builder.destination(store.destination()).force(force).locked(locked).singleSource(singleSource);
        if (maxWorkers != null) {
            builder.maxWorkers(maxWorkers);
        }
        if (connections != null) {
            builder.connectionsPerFile(connections);
        }
        if (limitRate != null) {
            builder.bytesPerSecond(limitRate.bytesPerSecond());
        }
        if (giveUpAfter != null) {
            builder.patience(giveUpAfter.time());
        }
        return builder.build();
    }

    private Answer fetch(Calls calls, Session session, FetchRequest request) throws Exception {
        CompletableFuture<FetchResult> job = calls.fetch().apply(request, session.listener());
        session.onInterrupt(() -> job.cancel(true));
        FetchResult result = job.get();
        if (lock != null) {
            LockFile.of(result).write(lock);
        }
        return Answer.success(
                Json.result(result), List.of(result.path().toString()), Summary.lines(result, session.messages()));
    }

    private Answer plan(Calls calls, Session session, FetchRequest request) {
        Plan plan = calls.plan().apply(request, session.listener());
        return Answer.success(
                Json.plan(request.repo(), plan),
                List.of(plan.path().toString()),
                PlanTable.lines(plan, session.messages()));
    }

    private void warnOfOldOptions(Session session) {
        if (resumeDownload) {
            session.note(Line.note(session.messages().say("old.resume-download")));
        }
        if (localDirUseSymlinks != null) {
            session.note(Line.note(session.messages().say("old.local-dir-use-symlinks")));
        }
    }
}
