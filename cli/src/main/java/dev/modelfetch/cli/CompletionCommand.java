package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.cli.screen.Messages;
import java.util.List;

/** {@code fetch completion bash|zsh|fish}: a script by which a shell completes our command lines. */
final class CompletionCommand implements Command {

    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private final Surroundings around;
    private final OutputOptions output = new OutputOptions();

    private String shell = "";

    CompletionCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.parameter("SHELL", "arg.shell", SHELLS, said -> shell = said);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        Messages messages = session.messages();
        CompletionScript scripts = new CompletionScript(Completable.of(Program.tree(around), messages), messages);
        String script = switch (shell) {
            case "bash" -> scripts.bash();
            case "zsh" -> scripts.zsh();
            case "fish" -> scripts.fish();
            default ->
                throw new FetchException.Usage(
                        Message.of("no-completion", "There is no completion for \"{0}\".", shell),
                        Hint.plain("Use bash, zsh or fish."));
        };
        return Answer.success(new JsonObject(), List.of(script.stripTrailing()), List.of());
    }
}
