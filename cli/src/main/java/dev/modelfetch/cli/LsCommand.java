package dev.modelfetch.cli;

import dev.modelfetch.FetchRequest;
import dev.modelfetch.Listing;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.ListingTable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fetch ls REPO}: what is there, and where it can come from. */
@Command(name = "fetch ls", mixinStandardHelpOptions = true)
final class LsCommand implements Callable<Integer> {

    private final Surroundings around;

    @Parameters(index = "0", paramLabel = "REPO", descriptionKey = "arg.repo")
    String repo = "";

    @Mixin
    RepoOptions what = new RepoOptions();

    @Mixin
    SourceOptions sources = new SourceOptions();

    @Option(names = "--cache-dir", paramLabel = "DIR", descriptionKey = "opt.cache-dir")
    @Nullable
    Path cacheDir;

    @Option(names = "--offline", descriptionKey = "opt.offline")
    boolean offline;

    @Mixin
    OutputOptions output = new OutputOptions();

    LsCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Target target = what.target(repo, List.of());
        try (Calls calls = session.open(sources, cacheDir)) {
            FetchRequest request =
                    session.request(calls, target, sources, offline).build();
            Listing listing = calls.list().apply(request, session.listener());
            return Answer.success(
                    Json.listing(target.repo(), listing), ListingTable.lines(listing, session.messages()), List.of());
        }
    }
}
