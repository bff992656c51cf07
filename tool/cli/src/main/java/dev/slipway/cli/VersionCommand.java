package dev.slipway.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Shows the versions of slipway and of the JDK that runs it.")
final class VersionCommand implements Action {

    @Override
    public Answer run(Narration narration) {
        String slipway = Version.current();
        String jdk = Runtime.version().toString();
        return Answer.ok("slipway " + slipway + " (JDK " + jdk + ")", Map.of("slipway", slipway, "jdk", jdk));
    }
}
