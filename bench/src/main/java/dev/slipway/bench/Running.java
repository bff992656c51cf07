package dev.slipway.bench;

import dev.slipway.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A contender that is ready.
///
/// @param startMillis from the start of its process until it was ready
record Running(Contender contender, Process process, Children children, double startMillis) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// @param log holds what it prints until it is ready, and all that it prints if it is a file
    static Running start(
            Contender contender, List<String> command, Children children, HttpClient http, Path folder, File log)
            throws IOException {
        var begin = System.nanoTime();
        var process = children.start(command, folder, log);
        try {
            var request = HttpRequest.newBuilder(contender.ready()).build();
            Await.until(contender.name() + " is ready", PATIENCE, () -> {
                if (!process.isAlive()) {
                    return true;
                }
                return http.send(request, BodyHandlers.discarding()).statusCode() == HttpURLConnection.HTTP_OK;
            });
            if (!process.isAlive()) {
                throw new MeasureException("the %s did not start:%n%s".formatted(contender.name(), tail(log)));
            }
            return new Running(contender, process, children, (System.nanoTime() - begin) / 1e6);
        } catch (RuntimeException | AssertionError e) {
            children.stop(process);
            throw e;
        }
    }

    private static String tail(File log) throws IOException {
        return log.isFile() ? Files.readString(log.toPath()) : "its output was not kept";
    }

    /// Resident memory, in MB.
    double residentMegabytes() throws IOException {
        try (var status = Files.lines(Path.of("/proc/%s/status".formatted(process.pid())))) {
            var line =
                    status.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
    }

    /// What it has used of its core since its start.
    Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() {
        children.stop(process);
    }
}
