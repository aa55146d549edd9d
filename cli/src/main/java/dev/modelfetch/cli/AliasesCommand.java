package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.Alias;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.Repo;
import dev.modelfetch.cli.screen.AliasTable;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code fetch aliases [ID]}: what a repository is called elsewhere, and how that is known. Asks nobody. */
final class AliasesCommand implements Command {

    private final Surroundings around;
    private final RepoOptions what = new RepoOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable String repo;

    AliasesCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.optionalParameter("ID", "arg.alias", said -> repo = said);
        what.declare(options);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Optional<Repo> asked = repo == null
                ? Optional.empty()
                : Optional.of(what.target(repo, List.of()).repo());
        try (Modelfetch modelfetch = session.open(new SourceOptions(), null)) {
            List<Alias> known = modelfetch.aliases(asked);
            JsonObject json = new JsonObject();
            json.add("aliases", Json.aliases(known));
            List<Line> notes = known.isEmpty()
                    ? List.of(Line.of(session.messages().sentence("No source is known to call it otherwise.")))
                    : List.of();
            return Answer.success(json, AliasTable.lines(known, session.messages()), notes);
        }
    }
}
