package dev.modelfetch.cli;

import com.google.gson.JsonObject;
import dev.modelfetch.FetchException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

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
        CommandSpec tree = Program.tree(around);
        String script = switch (shell) {
            // picocli's script serves both; zsh understands it by an emulation of its own.
            case "bash", "zsh" -> BashCompletion.of(tree);
            case "fish" -> FishCompletion.of(tree, session.messages());
            default ->
                throw new FetchException.Usage(
                        "There is no completion for \"" + shell + "\".", "Use bash, zsh or fish.");
        };
        return Answer.success(new JsonObject(), List.of(script.stripTrailing()), List.of());
    }
}
