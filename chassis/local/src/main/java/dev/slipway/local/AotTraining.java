package dev.slipway.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Makes the ahead-of-time cache of a packed service: runs it once with exactly the class path that is deployed, asks
/// it what can be asked, and stops it, whereupon the JVM writes what it has loaded and linked
/// ([JEP 514](https://openjdk.org/jeps/514)) and how often methods were called ([JEP 515](https://openjdk.org/jeps/515)).
/// The next start takes less than half the time, and the first requests too.
///
/// The cache is called `app-HASH.aot` after the first 16 digits of the SHA-256 of what it was made from: `app.jar`, the
/// jars in `lib` in the order of their names, and the JVM's file `release`. A JVM that is given a cache of older jars runs
/// the old classes and says nothing
/// ([JDK-8377932](https://bugs.openjdk.org/browse/JDK-8377932)).
public final class AotTraining {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 20;
    private static final int LINES_SHOWN = 30;
    private static final int HASH_LENGTH = 16;

    /// What a JVM that records says of its own, dozens of lines at its end.
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "\\[[0-9.,]+s]\\[\\w+ *]\\[(aot|cds)[^]]*].*|(Temporary|Reading|Removed temporary) AOT ?[Cc]onfiguration .*"
                    + "|Launching child process .* to assemble AOT cache .*|Picked up JAVA_TOOL_OPTIONS: .*"
                    + "|AOTCache creation is complete: .*");

    private final Path jar;
    private final Path folder;
    private final Path log;
    private final Duration patience;
    private final List<String> settings;

    /// @param patience for the service to get ready, for each answer, and for it to stop
    /// @param settings more of them, as on the service's command line
    AotTraining(Path jar, Duration patience, String... settings) {
        this.settings = List.of(settings);
        this.jar = jar.toAbsolutePath();
        this.folder = Objects.requireNonNull(this.jar.getParent());
        this.log = folder.resolve("aot-training.log");
        this.patience = patience;
    }

    /// Exits with 1 if there is no cache afterwards, and says why.
    ///
    /// @param args the service's jar, beside which the cache is written, and the only one; then settings that it needs
    ///     besides those of its ports and its database
    public static void main(String[] args) throws IOException, InterruptedException {
        var settings =
                Arrays.stream(args).skip(1).filter(each -> !each.isBlank()).toArray(String[]::new);
        try (var machine = LocalMachine.fresh()) {
            var cache =
                    new AotTraining(Path.of(args[0]), PATIENCE, settings).run(machine.provide("postgres", "training"));
            System.out.println("%s written, %s MB".formatted(cache, Files.size(cache) >> 20));
        } catch (FailedException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /// The training left no cache; the message shows the end of what the service said.
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /// @param postgres the settings of the section `postgres`
    /// @return the cache
    Path run(Map<String, String> postgres) throws IOException, InterruptedException, FailedException {
        deleteCaches();
        var cache = cache();
        var http = freePort();
        var management = freePort();
        var service = new ProcessBuilder(command(cache, http, management, postgres))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // A build that is cancelled takes the service along.
        var cancel = Thread.ofPlatform().unstarted(() -> end(service));
        Runtime.getRuntime().addShutdownHook(cancel);
        try (var client = HttpClient.newHttpClient()) {
            awaitReady(client, service, management);
            warmUp(client, http, management);
            new Practice(client, URI.create("http://localhost:" + http), patience, examples()).run();
            service.destroy();
            if (!service.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("the service did not stop");
            }
        } finally {
            end(service);
            Runtime.getRuntime().removeShutdownHook(cancel);
        }
        if (!Files.exists(cache)) {
            throw failed("the JVM wrote no cache", line -> true);
        }
        return cache;
    }

    /// What the service's project offers to try; in its image `api` stands beside the folder of the jar, too.
    private List<HttpExample> examples() throws IOException {
        var examples = new ArrayList<HttpExample>();
        for (var file : HttpExample.files(folder.resolveSibling("api"))) {
            examples.addAll(HttpExample.in(file));
        }
        return examples;
    }

    private Path cache() throws IOException {
        return folder.resolve(name() + "-" + hash() + ".aot");
    }

    private String name() {
        return jar.getFileName().toString().replaceFirst("\\.jar$", "");
    }

    /// What the shell says with `cat app.jar lib/*.jar "$JAVA_HOME/release" | sha256sum | cut -c 1-16`.
    private String hash() throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(jar));
            for (var library : listed(folder.resolve("lib"), "*.jar")) {
                digest.update(Files.readAllBytes(library));
            }
            digest.update(Files.readAllBytes(Path.of(System.getProperty("java.home"), "release")));
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// No cache of another build is left, which somebody could take for this one's.
    private void deleteCaches() throws IOException {
        for (var old : listed(folder, name() + "*.aot")) {
            Files.delete(old);
        }
    }

    private static List<Path> listed(Path folder, String pattern) throws IOException {
        var files = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (var found = Files.newDirectoryStream(folder, pattern)) {
                found.forEach(files::add);
            }
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return files;
    }

    private List<String> command(Path cache, int http, int management, Map<String, String> postgres) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-XX:AOTCacheOutput=" + cache, "-jar", jar.toString()));
        command.add("--service.environment=development");
        command.add("--service.management-port=" + management);
        command.add("--http.port=" + http);
        command.addAll(settings);
        postgres.forEach((key, value) -> command.add("--postgres." + key + "=" + value));
        return command;
    }

    private void awaitReady(HttpClient client, Process service, int management)
            throws IOException, InterruptedException, FailedException {
        var end = System.nanoTime() + patience.toNanos();
        while (!answers(client, management, "/health/ready")) {
            if (service.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw failed("the service ended with exit code %s before it was ready".formatted(service.exitValue()));
            }
            if (System.nanoTime() - end > 0) {
                throw failed("the service was not ready within %s s".formatted(patience.toSeconds()));
            }
        }
    }

    private void warmUp(HttpClient client, int http, int management) throws InterruptedException {
        for (var i = 0; i < REQUESTS; i++) {
            answers(client, http, "/v1/");
            answers(client, management, "/metrics");
        }
    }

    private boolean answers(HttpClient client, int port, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(patience)
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// Also the process that a JVM starts at its end, to write the cache.
    private static void end(Process service) {
        var started = service.descendants().toList();
        service.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /// Shows what the service said.
    private FailedException failed(String what) throws IOException {
        return failed(what, OF_THE_JVM.asMatchPredicate().negate());
    }

    private FailedException failed(String what, Predicate<String> shown) throws IOException {
        deleteCaches();
        var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(shown)
                .toList();
        var last = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        return new FailedException("No AOT cache for %s: %s. The last lines of %s:%n  %s"
                .formatted(jar.getFileName(), what, log, String.join(System.lineSeparator() + "  ", last)));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
