package dev.slipway.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Calls the command in this JVM and keeps what it says.
final class Terminal {

    static final Path FIXTURES =
            Path.of("..", "engine", "src", "test", "resources").toAbsolutePath().normalize();
    static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> variables = new HashMap<>();
    private final Path folder;
    private boolean watched;

    Terminal(Path folder) {
        this.folder = folder;
        variables.put("SLIPWAY_HOME", FIXTURES.toString());
    }

    Terminal with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Terminal watched() {
        watched = true;
        return this;
    }

    int call(String... arguments) {
        out.reset();
        err.reset();
        var shell = new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                variables,
                folder,
                watched,
                () -> NOW,
                new Random(42));
        return Slipway.run(shell, arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// Standard output as the one document that it must be.
    Map<?, ?> document() {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(out());
    }
}
