package dev.slipway.cli;

import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Nearest;
import dev.slipway.tool.Problem;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = {
            "Prints a script that completes slipway's commands and options, where slipway is on the PATH.",
            "bash, zsh: source <(slipway completion bash)",
            "fish: slipway completion fish | source"
        })
final class CompletionCommand implements Action {

    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private String shell = "";

    private final CommandLine root;

    CompletionCommand(CommandLine root) {
        this.root = root;
    }

    @Override
    public Answer run(Narration narration) {
        String script = switch (shell) {
            case "bash", "zsh" -> AutoComplete.bash(root.getCommandName(), root);
            case "fish" -> fish();
            case String other ->
                throw new GenerationException(
                        GenerationException.Cause.REQUEST,
                        List.of(new Problem(
                                "there is no completion for '" + other + "'",
                                Nearest.to(other, SHELLS)
                                        .map(near -> "Did you mean '" + near + "'?")
                                        .orElse("Choose bash, zsh or fish"))));
        };
        return Answer.ok(script.stripTrailing(), Map.of("shell", shell, "script", script));
    }

    private String fish() {
        var script = new StringBuilder("complete -c slipway -f\n");
        root.getSubcommands().forEach((name, command) -> {
            script.append("complete -c slipway -n __fish_use_subcommand -a ")
                    .append(name)
                    .append(" -d ")
                    .append(quoted(command.getCommandSpec().usageMessage().description()))
                    .append('\n');
            for (OptionSpec option : command.getCommandSpec().options()) {
                script.append("complete -c slipway -n '__fish_seen_subcommand_from ")
                        .append(name)
                        .append("' -l ")
                        .append(option.longestName().substring(2))
                        .append(option.arity().max() == 0 ? "" : " -r")
                        .append(" -d ")
                        .append(quoted(option.description()))
                        .append('\n');
            }
        });
        return script.toString();
    }

    private static String quoted(String[] description) {
        return "'" + description[0].replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
