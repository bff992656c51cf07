package dev.slipway.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A class of the test in a process of its own, with this one's Java and class path.
public final class JavaProcess {
    private static final List<String> STARTS_FAST = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private JavaProcess() {}

    /// As `java OPTIONS MAIN ARGUMENTS`; not started yet.
    public static ProcessBuilder of(List<String> options, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(STARTS_FAST);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
