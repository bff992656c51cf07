package dev.slipway.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Builds and starts a service in the foreground, by its own ./run.")
final class RunCommand implements Action {

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The service's folder; here unless given.")
    private String folder = ".";

    private final Shell shell;

    RunCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Answer run(Narration narration) throws IOException, InterruptedException {
        var path = shell.resolve(folder).normalize();
        int exitCode = new ServiceProcess(shell).run(path, narration);
        return new Answer(exitCode, "", Map.of("dir", path));
    }
}
