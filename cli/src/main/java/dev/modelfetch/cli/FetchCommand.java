package dev.modelfetch.cli;

import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.LockFile;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Plan;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verification;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.PlanTable;
import dev.modelfetch.cli.screen.Summary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fetch REPO [FILE...]}: the main job. */
final class FetchCommand implements Command {

    /** What may be asked for; the weakest is taken without being asked for. */
    private static final List<String> LEVELS = Arrays.stream(Verification.values())
            .filter(level -> level != Verification.SIZE)
            .map(Verification::word)
            .toList();

    private final Surroundings around;
    private final RepoOptions what = new RepoOptions();
    private final SourceOptions sources = new SourceOptions();
    private final StoreOptions store = new StoreOptions();
    private final OutputOptions output = new OutputOptions();

    private String repo = "";
    private List<String> files = new ArrayList<>();
    private @Nullable Integer maxWorkers;
    private @Nullable Integer connections;
    private boolean singleSource;
    private boolean continueOnError;
    private @Nullable Rate limitRate;
    private @Nullable Patience giveUpAfter;
    private @Nullable Verification minVerification;
    private boolean dryRun;
    private boolean force;
    private boolean offline;
    private @Nullable Path lock;
    private @Nullable LockFile locked;
    private final List<String> former = new ArrayList<>();

    FetchCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.parameter("REPO", "arg.repo", said -> repo = said);
        options.furtherParameters("FILE", "arg.file", said -> files = said);
        what.declare(options);
        sources.declare(options);
        store.declare(options);
        options.number("--max-workers", "N", said -> maxWorkers = said);
        options.number("--connections", "N", said -> connections = said);
        options.flag("--single-source", said -> singleSource = said);
        options.flag("--continue-on-error", said -> continueOnError = said);
        options.value("--limit-rate", "RATE", Rate::parse, said -> limitRate = said);
        options.value("--give-up-after", "TIME", Patience::parse, said -> giveUpAfter = said);
        options.word("--min-verification", "LEVEL", LEVELS, Verification::parse, said -> minVerification = said);
        options.flag("--dry-run", said -> dryRun = said);
        options.flag("--force", said -> force = said);
        options.flag("--offline", said -> offline = said);
        options.path("--lock", "FILE", said -> lock = said);
        options.value("--locked", "FILE", file -> LockFile.read(Path.of(file)), said -> locked = said);
        output.declare(options);
        // Of other command lines: scripts still pass them, and what they ask for is a matter of course.
        options.formerFlag("--resume-download", said -> former.add("resume-download"));
        options.formerValue("--local-dir-use-symlinks", "WHEN", said -> former.add("local-dir-use-symlinks"));
        options.formerValue("--tool", "TOOL", said -> former.add("tool"));
        options.formerValue("--hf-username", "NAME", said -> former.add("hf-username"));
    }

    @Override
    public int call() {
        return Session.run(around, output, !dryRun, this::run);
    }

    private Answer run(Session session) throws Exception {
        warnOfOldOptions(session);
        Target target = what.target(repo, files);
        if (lock != null && !willBeMade(lock)) {
            LockFile.checkWritable(lock);
        }
        try (Modelfetch modelfetch = session.open(sources, store.hubCache())) {
            FetchRequest request = request(session.request(modelfetch, target, sources, offline));
            return dryRun ? plan(modelfetch, session, request) : fetch(modelfetch, session, request);
        }
    }

    /** Inside the directory to be filled, which need not exist yet. */
    private boolean willBeMade(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return store.localDir != null
                && folder != null
                && folder.startsWith(store.localDir.toAbsolutePath())
                && !Files.exists(folder);
    }

    private FetchRequest request(FetchRequest.Builder builder) {
        builder.destination(store.destination())
                .force(force)
                .locked(locked)
                .singleSource(singleSource)
                .keepGoing(continueOnError);
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
        if (minVerification != null) {
            builder.minVerification(minVerification);
        }
        return builder.build();
    }

    private Answer fetch(Modelfetch modelfetch, Session session, FetchRequest request) throws Exception {
        FetchJob job = modelfetch.start(request, session.listener());
        session.onInterrupt(job::cancel);
        Snapshot result = job.result().get();
        if (lock != null) {
            LockFile.of(result).write(lock);
        }
        return Answer.success(
                Json.result(result), List.of(result.path().toString()), Summary.lines(result, session.messages()));
    }

    private Answer plan(Modelfetch modelfetch, Session session, FetchRequest request) {
        Plan plan = modelfetch.plan(request, session.listener());
        return Answer.success(
                Json.plan(request.repo(), plan),
                List.of(plan.path().toString()),
                PlanTable.lines(plan, session.messages()));
    }

    private void warnOfOldOptions(Session session) {
        former.forEach(name -> session.note(Line.note(session.messages().say("old." + name))));
    }
}
