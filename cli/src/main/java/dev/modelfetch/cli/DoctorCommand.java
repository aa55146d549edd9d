package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.Diagnosis;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.SourceChoice;
import dev.modelfetch.cli.screen.DiagnosisPage;
import dev.modelfetch.cli.screen.Exit;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Person;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fetch doctor}: everything that a fetch depends on is looked at, and what to do is said. */
final class DoctorCommand implements Command {

    private final Surroundings around;
    private final SourceOptions sources = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable Path cacheDir;

    DoctorCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        sources.declare(options);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        output.declare(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        try (Modelfetch modelfetch = session.open(sources, cacheDir)) {
            SourceChoice choice = sources.choice == null ? SourceChoice.auto() : sources.choice;
            return answer(modelfetch.examine(choice), session);
        }
    }

    private Answer answer(Diagnosis diagnosis, Session session) {
        List<String> page = new DiagnosisPage(session.messages(), Person.of(around.environment())).lines(diagnosis);
        JsonObject json = Json.diagnosis(diagnosis);
        if (diagnosis.works()) {
            return Answer.success(json, page, List.of());
        }
        FetchException nothing = new FetchException.Unreachable(
                        "No fetch would work here.",
                        Hint.plain("The findings say what stands in the way, and what to do."))
                .withProbes(diagnosis.probes());
        return Answer.failure(Exit.of(nothing), json, page);
    }
}
