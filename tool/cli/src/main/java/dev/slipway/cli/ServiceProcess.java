package dev.slipway.cli;

import dev.slipway.tool.GenerationException;
import dev.slipway.tool.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A service in the foreground, started by the `run` script in its folder.
final class ServiceProcess {

    /// Longer than any service may take to drain.
    private static final long MOST_SECONDS_TO_STOP = 60;

    private final Shell shell;
    private @Nullable Process service;
    private boolean ending;

    ServiceProcess(Shell shell) {
        this.shell = shell;
    }

    /// Runs until the service ends and returns its exit code. When this process is told to end, so is the service,
    /// and this process waits for it.
    int run(Path folder, Narration narration) throws IOException, InterruptedException {
        Path script = folder.resolve("run");
        if (!Files.isExecutable(script) || Files.isDirectory(script)) {
            throw new GenerationException(
                    GenerationException.Cause.REQUEST,
                    List.of(new Problem(
                            folder + " has no executable 'run'",
                            "Name a service's folder: " + shell.command() + " run DIR")));
        }
        narration.step("Starting", script.toString());
        var builder = new ProcessBuilder(script.toString()).directory(folder.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (!narration.silent()) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        var stop = new Thread(this::stop, "stop-service");
        Runtime.getRuntime().addShutdownHook(stop);
        Process started = start(builder);
        if (narration.silent()) {
            started.getInputStream().transferTo(shell.err());
        }
        int exitCode = started.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException ending) {
            return exitCode;
        }
        return exitCode;
    }

    /// The lock lets no service start unseen by a process that is ending.
    private synchronized Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        if (ending) {
            throw new InterruptedException("This process is ending");
        }
        Process started = builder.start();
        service = started;
        return started;
    }

    private synchronized void stop() {
        ending = true;
        if (service == null) {
            return;
        }
        service.destroy();
        try {
            if (!service.waitFor(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                service.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
