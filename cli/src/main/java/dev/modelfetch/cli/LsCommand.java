package dev.modelfetch.cli;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Probe;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.ListingTable;
import dev.modelfetch.cli.screen.ListingTree;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fetch ls REPO}: what is there, and where it can come from. */
final class LsCommand implements Command {

    private final Surroundings around;
    private final RepoOptions what = new RepoOptions();
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private String repo = "";
    private @Nullable Path cacheDir;
    private boolean offline;
    private boolean tree;
    private boolean allSources;

    LsCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.parameter("REPO", "arg.repo", said -> repo = said);
        what.declare(options);
        sources.declare(options);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        options.flag("--offline", said -> offline = said);
        options.flag("--tree", said -> tree = said);
        options.flag("--all-sources", said -> allSources = said);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Target target = what.target(repo, List.of());
        try (Modelfetch modelfetch = session.open(sources, cacheDir)) {
            FetchRequest request =
                    session.request(modelfetch, target, sources, offline).build();
            Listing taken = modelfetch.list(request, session.listener());
            Listing listing = allSources && !request.offline() ? everybodys(modelfetch, request, taken) : taken;
            List<String> lines = tree
                    ? ListingTree.lines(listing, session.messages())
                    : ListingTable.lines(listing, session.messages());
            return Answer.success(Json.listing(target.repo(), listing), lines, List.of());
        }
    }

    /** Who else has it, those included whom a fetch would not wait for. */
    private static Listing everybodys(Modelfetch modelfetch, FetchRequest request, Listing taken) {
        List<Probe> probes = modelfetch.probe(request);
        return OtherListings.merged(taken, OtherListings.of(modelfetch, request, probes, taken), probes);
    }
}
