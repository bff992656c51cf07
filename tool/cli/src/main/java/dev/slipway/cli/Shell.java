package dev.slipway.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What surrounds a call: streams, variables, folder, clock, chance. Tests bring their own.
///
/// @param terminal whether somebody watches standard error
record Shell(
        PrintStream out,
        PrintStream err,
        Map<String, String> variables,
        Path folder,
        boolean terminal,
        InstantSource clock,
        RandomGenerator random) {

    Shell {
        variables = Map.copyOf(variables);
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /// Colour and progress: only where somebody watches and has not declined (https://no-color.org).
    boolean decorated() {
        return terminal
                && variable("NO_COLOR").isEmpty()
                && variable("CI").isEmpty()
                && !"dumb".equals(variables.get("TERM"));
    }

    /// This command as whoever called it can type it again, quoted.
    String command() {
        return variable("SLIPWAY_COMMAND").orElse("slipway");
    }

    /// The repository whose catalogue and chassis this command uses.
    Path home() {
        return variable("SLIPWAY_HOME").map(Path::of).orElse(folder);
    }

    Path resolve(String path) {
        return folder.resolve(path);
    }
}
