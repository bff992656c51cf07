package dev.slipway.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/// The processes that were started, so that all of them end with this one, however it ends.
final class Children implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ConcurrentLinkedDeque<Process> running = new ConcurrentLinkedDeque<>();

    Process start(List<String> command, Path folder, File output) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        running.push(process);
        return process;
    }

    /// Its input and output are to talk to it; what it says is wrong goes to stderr.
    Process startTalking(List<String> command, Path folder) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        running.push(process);
        return process;
    }

    void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        running.remove(process);
    }

    /// What a short command prints.
    ///
    /// @throws MeasureException if it fails
    String run(List<String> command, Path folder) throws IOException, InterruptedException {
        var output = Files.createTempFile("slipway-bench", ".out");
        try {
            var process = start(command, folder, output.toFile());
            try {
                if (process.waitFor() != 0) {
                    throw new MeasureException(
                            "%s failed:%n%s".formatted(command.getFirst(), Files.readString(output)));
                }
            } finally {
                stop(process);
            }
            return Files.readString(output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    @Override
    public void close() {
        running.forEach(this::stop);
    }
}
