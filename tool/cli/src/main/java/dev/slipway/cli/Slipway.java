package dev.slipway.cli;

import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Nearest;
import dev.slipway.tool.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The command's root: which commands there are, and how their answers and failures are shown.
@Command(
        name = "slipway",
        description = "Makes microservices from templates that are running services.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it worked", "1:it failed", "2:it was asked for wrongly", "130:it was interrupted"})
public final class Slipway {

    /// The version of the JSON documents; grows when one of them changes its meaning.
    static final int DOCUMENT_VERSION = 1;

    private static final String JSON = "--json";

    @Option(names = JSON, scope = CommandLine.ScopeType.INHERIT, description = "Answer with one JSON document.")
    private boolean json;

    private final Shell shell;

    private Slipway(Shell shell) {
        this.shell = shell;
    }

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        boolean terminal = Boolean.getBoolean("slipway.terminal");
        var shell = new Shell(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                terminal,
                Clock.systemUTC(),
                new SecureRandom());
        System.exit(run(shell, arguments));
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int run(Shell shell, String... arguments) {
        return commandLine(shell, arguments).execute(arguments);
    }

    private static CommandLine commandLine(Shell shell, String... arguments) {
        var slipway = new Slipway(shell);
        var line = new CommandLine(slipway);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .scopeType(CommandLine.ScopeType.INHERIT)
                        .description("Show this help.")
                        .build());
        SequencedMap<String, Supplier<Action>> commands = new LinkedHashMap<>();
        commands.put("new", () -> new NewCommand(shell));
        commands.put("list", () -> new ListCommand(shell));
        commands.put("info", () -> new InfoCommand(shell));
        commands.put("run", () -> new RunCommand(shell));
        commands.put("token", () -> new TokenCommand(shell));
        commands.put("doctor", () -> new DoctorCommand(shell));
        commands.put("version", VersionCommand::new);
        Supplier<Action> asked = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (asked != null) {
            // Reading the annotations of all the others would double the time to start.
            line.addSubcommand(arguments[0], asked.get());
        } else {
            commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
            line.addSubcommand("completion", new CompletionCommand(line));
        }
        line.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(Help.defaultColorScheme(shell.decorated() ? Help.Ansi.ON : Help.Ansi.OFF));
        line.setExecutionStrategy(slipway::execute);
        line.setParameterExceptionHandler(slipway::misused);
        return line;
    }

    private int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine chosen = commands.getLast();
        if (!(chosen.getCommand() instanceof Action action)) {
            if (json) {
                var none = new Problem("no command was given", "See " + shell.command() + " --help");
                return failed("slipway", json, ExitCode.USAGE, List.of(none));
            }
            chosen.usage(chosen.getErr());
            return ExitCode.USAGE.number();
        }
        String name = chosen.getCommandName();
        boolean document = json || asked(parsed);
        try {
            var narration = new Narration(shell, document);
            Answer answer = action.run(narration);
            if (document) {
                shell.out().println(Json.indented(document(name, answer.exitCode(), "result", answer.result())));
            } else if (!answer.text().isEmpty()) {
                shell.out().println(answer.text());
            }
            narration.finish();
            return answer.exitCode();
        } catch (GenerationException failure) {
            var code = failure.origin() == GenerationException.Cause.REQUEST ? ExitCode.USAGE : ExitCode.FAILURE;
            return failed(name, document, code, failure.problems());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        } catch (UncheckedIOException | IOException e) {
            String why = e.getCause() == null ? e.toString() : e.getMessage() + ": " + e.getCause();
            return failed(name, document, ExitCode.FAILURE, List.of(new Problem(why, "Check the folder and the disk")));
        }
    }

    private static boolean asked(ParseResult parsed) {
        return parsed.originalArgs().contains(JSON);
    }

    private int misused(ParameterException mistake, String[] arguments) {
        String name = mistake.getCommandLine().getCommandName();
        String fix = "See " + shell.command() + " " + (name.equals("slipway") ? "" : name + " ") + "--help";
        String what = String.valueOf(mistake.getMessage());
        // A mistyped option explains also why another is missing.
        List<String> unmatched = mistake.getCommandLine().getUnmatchedArguments();
        if (!unmatched.isEmpty()) {
            String word = unmatched.getFirst();
            fix = nearest(mistake.getCommandLine(), word, fix);
            String kind = word.startsWith("-") ? "option" : name.equals("slipway") ? "command" : "further argument";
            what = "there is no " + kind + " '" + word + "'";
        }
        return failed(name, Arrays.asList(arguments).contains(JSON), ExitCode.USAGE, List.of(new Problem(what, fix)));
    }

    private static String nearest(CommandLine line, String word, String otherwise) {
        List<String> known = new ArrayList<>(line.getSubcommands().keySet());
        known.addAll(line.getCommandSpec().optionsMap().keySet());
        return Nearest.to(word, known)
                .map(near -> "Did you mean '" + near + "'?")
                .orElse(otherwise);
    }

    private int failed(String command, boolean document, ExitCode code, List<Problem> problems) {
        if (document) {
            List<Map<String, String>> listed = problems.stream()
                    .map(problem -> Map.of("what", problem.what(), "fix", problem.fix()))
                    .toList();
            shell.out().println(Json.indented(document(command, code.number(), "problems", listed)));
        } else {
            String label = shell.decorated() ? "\033[1;31merror:\033[0m " : "error: ";
            for (Problem problem : problems) {
                shell.err().println(label + problem.what());
                shell.err().println("  fix: " + problem.fix());
            }
        }
        return code.number();
    }

    private static Map<String, Object> document(String command, int exitCode, String key, Object content) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", DOCUMENT_VERSION);
        document.put("command", command);
        document.put("ok", exitCode == ExitCode.OK.number());
        document.put("exitCode", exitCode);
        document.put(key, content);
        return document;
    }
}
