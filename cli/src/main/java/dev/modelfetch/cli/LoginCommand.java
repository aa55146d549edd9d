package dev.modelfetch.cli;

import dev.modelfetch.Accounts;
import dev.modelfetch.FetchException;
import dev.modelfetch.Login;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.Json;
import dev.modelfetch.cli.screen.Line;
import dev.modelfetch.cli.screen.LoginLines;
import org.jspecify.annotations.Nullable;

/** {@code fetch login}: a token is checked with its source, and kept. */
final class LoginCommand implements Command {

    /** Whoever runs it can read what is shown to it (mirrors.md 6.1). */
    private static final String MIRROR = "mirror";

    private final Surroundings around;
    private final SourceOptions source = new SourceOptions();
    private final OutputOptions output = new OutputOptions();

    private @Nullable String token;

    LoginCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        source.declareOne(options);
        options.text("--token", "-", "token-to-store", said -> token = said);
        output.declareBrief(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        String id = source.tokenOwner();
        try (Modelfetch modelfetch = session.open(source, null)) {
            Accounts accounts = modelfetch.accounts();
            Login login = accounts.login(id, secret(session, accounts, id));
            LoginLines lines = new LoginLines(session.messages());
            return Answer.success(Json.login(login), lines.stored(login), lines.remarks(login));
        }
    }

    private String secret(Session session, Accounts accounts, String id) {
        if (token != null) {
            return source.secret(token, around.console());
        }
        // Before anything is typed: a name that is unknown, and what should be known.
        String question = accounts.tokenPage(id)
                .map(page -> session.messages().say("login.question-page", id, page))
                .orElseGet(() -> session.messages().say("login.question", id));
        if (id.equals(MIRROR) && session.canAsk()) {
            session.note(Line.note(session.messages().say("login.mirror")));
        }
        String typed = session.askSecret(question);
        if (typed.isEmpty()) {
            throw new FetchException.Usage(
                    "No token was given.",
                    "Type or paste it where it is asked for, or pipe it into fetch login --token -; nothing was changed.");
        }
        return typed;
    }
}
