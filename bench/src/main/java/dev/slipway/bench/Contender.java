package dev.slipway.bench;

import dev.slipway.infra.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A service that is measured: what starts it, and where it then answers.
///
/// @param program what follows the JVM's options
/// @param port answers HTTP, 0 if nothing does; the same of `grpcPort`
/// @param ready answers 200 as soon as requests are served
/// @param cache its AOT cache
record Contender(String name, List<String> program, int port, int grpcPort, URI ready, Path cache) {
    /// The same for all.
    static final List<String> JVM_OPTIONS = List.of("-XX:+UseG1GC", "-Xms256m", "-Xmx256m");

    Contender {
        program = List.copyOf(program);
    }

    /// The user service as it is delivered, with everything on.
    static Contender userService(Path root, PostgresAddress database) throws IOException {
        var target = root.resolve("services/user/target");
        var port = freePort();
        var grpcPort = freePort();
        var management = freePort();
        return new Contender(
                "user service",
                List.of(
                        "-jar",
                        target.resolve("app.jar").toString(),
                        "--service.environment=development",
                        "--service.management-port=" + management,
                        "--http.port=" + port,
                        "--grpc.port=" + grpcPort,
                        // Calls are counted, but one client may make all of them.
                        "--limits.rules.caller.requests=1000000000",
                        "--limits.rules.caller.burst=1000000000",
                        "--limits.rules.address.requests=1000000000",
                        "--limits.rules.address.burst=1000000000",
                        "--postgres.url=" + database.jdbcUrl(),
                        "--postgres.user=" + database.user(),
                        "--postgres.password=" + database.password()),
                port,
                grpcPort,
                health(management),
                cacheIn(target));
    }

    /// @param profile the id of a profile, because the twin is ready when it serves one
    static Contender twin(Path root, PostgresAddress database, String profile) throws IOException {
        var port = freePort();
        return new Contender(
                "bare twin",
                program(classPath(root, "lib"), Twin.class, String.valueOf(port), urlWithUser(database)),
                port,
                0,
                URI.create("http://127.0.0.1:%s/v1/users/%s".formatted(port, profile)),
                root.resolve("bench/target/twin.aot"));
    }

    static Contender grpcTwin(Path root, PostgresAddress database) throws IOException {
        var port = freePort();
        var management = freePort();
        return new Contender(
                "bare grpc-java",
                program(
                        classPath(root, "lib"),
                        GrpcTwin.class,
                        String.valueOf(port),
                        String.valueOf(management),
                        urlWithUser(database)),
                0,
                port,
                health(management),
                root.resolve("bench/target/grpc-twin.aot"));
    }

    /// The [IdleService].
    static Contender idleService(Path root) throws IOException {
        var port = freePort();
        var management = freePort();
        return new Contender(
                "idle service",
                program(
                        classPath(root, "lib", "harness"),
                        IdleService.class,
                        "--service.environment=development",
                        "--service.management-port=" + management,
                        "--http.port=" + port),
                port,
                0,
                health(management),
                root.resolve("bench/target/idle.aot"));
    }

    private static URI health(int management) {
        return URI.create("http://127.0.0.1:%s/health/ready".formatted(management));
    }

    private static String urlWithUser(PostgresAddress database) {
        return "%s?user=%s&password=%s".formatted(database.jdbcUrl(), database.user(), database.password());
    }

    private static List<String> program(String classPath, Class<?> main, String... arguments) {
        var program = new ArrayList<>(List.of("-Dslf4j.internal.verbosity=ERROR", "-cp", classPath, main.getName()));
        program.addAll(List.of(arguments));
        return program;
    }

    /// @param folders of libraries, below `target`
    static String classPath(Path root, String... folders) throws IOException {
        var target = root.resolve("bench/target");
        var jars = new ArrayList<>(List.of(target.resolve("bench.jar").toString()));
        for (var folder : folders) {
            try (var files = Files.list(target.resolve(folder))) {
                files.map(Path::toString).sorted().forEach(jars::add);
            }
        }
        return String.join(":", jars);
    }

    /// @param cores on which it may run
    List<String> command(String cores, List<String> options) {
        var command = new ArrayList<>(List.of("taskset", "-c", cores, java()));
        command.addAll(JVM_OPTIONS);
        command.addAll(options);
        command.addAll(program);
        return command;
    }

    /// The only one there: the build deletes those of other jars.
    private static Path cacheIn(Path target) {
        try (var found = Files.newDirectoryStream(target, "app-*.aot")) {
            return found.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// With its AOT cache; if that does not fit, the JVM refuses to start.
    List<String> withCache() {
        return List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
    }

    static String describeOptions() {
        return String.join(" ", JVM_OPTIONS);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
