package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.Alias;
import dev.modelfetch.Destination;
import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchException;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchRequest;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Selection;
import dev.modelfetch.Snapshot;
import dev.modelfetch.cli.ForeignFolder.Maker;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Imported;
import dev.modelfetch.cli.screen.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code fetch cache import DIR [REPO] | --from WHO}: folders that other programs have filled, into the hub cache. */
final class CacheImportCommand implements Command {

    private static final List<String> MAKERS =
            Stream.of(Maker.MODELSCOPE, Maker.HFD).map(Maker::word).toList();

    private final Surroundings around;
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable String folder;
    private List<String> repos = new ArrayList<>();
    private @Nullable String from;
    private @Nullable String revision;
    private boolean link;
    private @Nullable Path cacheDir;

    CacheImportCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.optionalParameter("DIR", "arg.import-dir", said -> folder = said);
        options.furtherParameters("REPO", "arg.import-repo", said -> repos = said);
        options.word("--from", "WHO", "from", MAKERS, CacheImportCommand::maker, said -> from = said);
        options.flag("--link", said -> link = said);
        options.text("--revision", "REV", said -> revision = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        sources.declare(options);
        output.declare(options);
    }

    private static String maker(String said) {
        if (!MAKERS.contains(said)) {
            throw new FetchException.Usage(
                    Message.of("bad-maker", "\"{0}\" is nobody whose folders can be looked for.", said),
                    Hint.plain("Use modelscope or hfd, or name a folder."));
        }
        return said;
    }

    @Override
    public int call() {
        return Session.run(around, output, true, this::run);
    }

    private Answer run(Session session) throws IOException, InterruptedException {
        List<ForeignFolder> found = found();
        try (Modelfetch modelfetch = session.open(sources, cacheDir)) {
            List<Imported> imported = new ArrayList<>();
            Map<ForeignFolder, Exit> failures = new LinkedHashMap<>();
            for (ForeignFolder each : found) {
                try {
                    imported.add(imported(modelfetch, session, each));
                } catch (ExecutionException e) {
                    failures.put(each, Exit.of(e));
                }
            }
            imported.forEach(each -> each.lines(session.messages()).forEach(session::note));
            return answer(imported, failures, session);
        }
    }

    /** The last failure is the answer; the others are told before it. */
    private static Answer answer(List<Imported> imported, Map<ForeignFolder, Exit> failures, Session session) {
        JsonObject json = Imported.json(imported);
        List<String> paths =
                imported.stream().map(each -> each.snapshot().root().toString()).toList();
        Exit answer = null;
        for (Map.Entry<ForeignFolder, Exit> failure : failures.entrySet()) {
            if (answer != null) {
                answer.lines(session.messages()).forEach(session::note);
            }
            ForeignFolder folder = failure.getKey();
            session.note(Line.bad(session.messages().say("import.failed", folder.path(), folder.repo())));
            answer = failure.getValue();
        }
        return answer == null ? Answer.success(json, paths, List.of()) : Answer.failure(answer, json, paths);
    }

    private Imported imported(Modelfetch modelfetch, Session session, ForeignFolder each)
            throws ExecutionException, InterruptedException {
        Target target = new Target(common(each, modelfetch), revision, Selection.all());
        FetchRequest request = session.request(modelfetch, target, sources, false)
                .destination(new Destination.CacheTakingFrom(each.path(), link || each.maker() == Maker.MODELSCOPE))
                .build();
        List<RepoFile> listed = new CopyOnWriteArrayList<>();
        FetchJob job = modelfetch.start(request, session.listener(), event -> {
            if (event instanceof FetchEvent.Resolved resolved) {
                listed.clear();
                listed.addAll(resolved.selected());
            }
        });
        session.onInterrupt(job::cancel);
        Snapshot snapshot = job.result().get();
        return new Imported(each.path(), snapshot, Imported.lacking(listed, snapshot));
    }

    /** What ModelScope calls otherwise is looked for under its common name. */
    private static Repo common(ForeignFolder folder, Modelfetch modelfetch) {
        Repo theirs = folder.repo();
        return folder.maker() != Maker.MODELSCOPE
                ? theirs
                : modelfetch.aliases(Optional.empty()).stream()
                        .filter(alias -> alias.source().equals(Maker.MODELSCOPE.word())
                                && alias.id().equalsIgnoreCase(theirs.id())
                                && alias.repo().type() == theirs.type())
                        .map(Alias::repo)
                        .findFirst()
                        .orElse(theirs);
    }

    private List<ForeignFolder> found() throws IOException {
        if (repos.size() > 1) {
            throw new FetchException.Usage(
                    "Only one folder can be imported at a time.", "Write fetch cache import DIR REPO.");
        }
        if (from != null) {
            return below(from);
        }
        if (folder == null) {
            throw new FetchException.Usage(
                    "There is nothing named to import.",
                    "Name a folder, or say --from modelscope or --from hfd to have them looked for.");
        }
        Path path = existing(Path.of(folder));
        if (!repos.isEmpty()) {
            Target named = Target.of(repos.get(0), null, revision, Selection.all());
            revision = named.revision();
            return List.of(new ForeignFolder(path, named.repo(), Maker.SOMEBODY));
        }
        return List.of(ForeignFolder.of(path)
                .orElseThrow(() -> new FetchException.Usage(
                        Message.of("unnamed-folder", "Nothing in {0} says which repository it is of.", path),
                        Hint.of(
                                "name-of-folder",
                                "Write fetch cache import " + folder + " OWNER/NAME.",
                                String.valueOf(folder)))));
    }

    private List<ForeignFolder> below(String maker) throws IOException {
        if (!repos.isEmpty() || revision != null) {
            throw new FetchException.Usage(
                    "With --from the folders themselves say which repositories they are of.",
                    "Leave out --from, or the repository and --revision.");
        }
        boolean ofModelScope = maker.equals(Maker.MODELSCOPE.word());
        Path root = existing(folder != null ? Path.of(folder) : ofModelScope ? modelScopeCache() : Path.of(""));
        Collection<ForeignFolder> found =
                ofModelScope ? ForeignFolder.ofModelScopeBelow(root) : ForeignFolder.ofHfdBelow(root);
        if (found.isEmpty()) {
            throw new FetchException.NotFound(
                    Message.of("no-foreign-folder", "There is no folder of {0} in {1}.", maker, root),
                    Hint.plain("Name the folder that holds them."));
        }
        return List.copyOf(found);
    }

    private Path modelScopeCache() {
        String said = around.environment().getOrDefault("MODELSCOPE_CACHE", "");
        return said.isBlank() ? Path.of(around.home(), ".cache", "modelscope") : Path.of(said);
    }

    private static Path existing(Path path) {
        if (!Files.isDirectory(path)) {
            throw new FetchException.Usage(
                    Message.of("no-such-folder", "There is no folder {0}.", path), Hint.plain("Check the path."));
        }
        return path.toAbsolutePath().normalize();
    }
}
