package dev.modelfetch.cli;

import dev.modelfetch.Logout;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.LoginLines;

/** {@code fetch logout}: what is kept for a source is deleted. */
final class LogoutCommand implements Command {

    private final Surroundings around;
    private final SourceOptions source = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    LogoutCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        source.declareOne(options);
        output.declareBrief(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        try (Modelfetch modelfetch = session.open(source, null)) {
            Logout logout = modelfetch.accounts().logout(source.tokenOwner());
            LoginLines lines = new LoginLines(session.messages());
            return Answer.success(Json.logout(logout), lines.deleted(logout), lines.remarks(logout));
        }
    }
}
