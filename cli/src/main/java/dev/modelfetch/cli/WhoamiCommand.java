package dev.modelfetch.cli;

import dev.modelfetch.Login;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.LoginLines;
import java.util.List;

/** {@code fetch whoami}: a source is asked whose token it is shown. */
final class WhoamiCommand implements Command {

    private final Surroundings around;
    private final SourceOptions source = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    WhoamiCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        source.declareOne(options);
        source.declareToken(options);
        output.declareBrief(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        try (Modelfetch modelfetch = session.open(source, null)) {
            Login login = modelfetch.accounts().whoami(source.tokenOwner());
            return Answer.success(Json.login(login), new LoginLines(session.messages()).inForce(login), List.of());
        }
    }
}
