package dev.slipway.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// Makes the ahead-of-time cache of a packed service: runs it once with exactly the class path that is deployed, asks
/// it a few things, and stops it, whereupon the JVM writes what it has loaded and linked
/// ([JEP 514](https://openjdk.org/jeps/514)). The next start takes about half the time.
public final class AotTraining {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 20;

    private final Path jar;
    private final int http;
    private final int management;

    private AotTraining(Path jar) throws IOException {
        this.jar = jar;
        this.http = freePort();
        this.management = freePort();
    }

    /// @param args the service's jar; the cache is written beside it, with the ending `.aot`
    public static void main(String[] args) throws IOException, InterruptedException {
        new AotTraining(Path.of(args[0])).run();
    }

    private void run() throws IOException, InterruptedException {
        var cache = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", ".aot"));
        Files.deleteIfExists(cache);
        var log = jar.resolveSibling("aot-training.log");
        try (var machine = LocalMachine.fresh()) {
            var service = new ProcessBuilder(command(cache, machine))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                practise(service);
            } finally {
                service.destroy();
                if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    service.destroyForcibly();
                }
            }
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("the JVM wrote no cache; " + log + " says why");
        }
        LoggerFactory.getLogger(AotTraining.class)
                .info("{} written, {} MB", cache.getFileName(), Files.size(cache) / (1024 * 1024));
    }

    private List<String> command(Path cache, LocalMachine machine) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-XX:AOTCacheOutput=" + cache, "-jar", jar.toString()));
        command.add("--service.environment=development");
        command.add("--service.management-port=" + management);
        command.add("--http.port=" + http);
        machine.provide("postgres", "training").forEach((key, value) -> command.add("--postgres." + key + "=" + value));
        return command;
    }

    private void practise(Process service) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try (var client = HttpClient.newHttpClient()) {
            while (!answers(client, management, "/health/ready")) {
                if (!service.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("the service did not get ready; see aot-training.log");
                }
                service.waitFor(50, TimeUnit.MILLISECONDS);
            }
            for (var i = 0; i < REQUESTS; i++) {
                answers(client, http, "/v1/");
                answers(client, management, "/metrics");
            }
        }
    }

    private static boolean answers(HttpClient client, int port, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
