package dev.slipway.discovery;

import dev.slipway.core.Time;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A real etcd of one member, as a child process on loopback; its data is gone when it is closed.
///
/// Found on the PATH, with its command line; without them the tests are skipped.
final class TestEtcd implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final int peerPort;
    private final Thread stop = Thread.ofPlatform().unstarted(this::kill);
    private @Nullable Process process;

    TestEtcd() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                isInstalled("etcd") && isInstalled("etcdctl"),
                "no etcd on the PATH; Debian: apt-get install etcd-server etcd-client");
        folder = Files.createTempDirectory("slipway-etcd");
        try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = one.getLocalPort();
            peerPort = other.getLocalPort();
        }
        Runtime.getRuntime().addShutdownHook(stop);
        start();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    EtcdClient client() {
        return new EtcdClient(settings(), Time.system());
    }

    EtcdSettings settings() {
        return new EtcdSettings(
                List.of(URI.create(url())),
                Optional.empty(),
                Optional.empty(),
                "/slipway/services/",
                java.time.Duration.ofSeconds(1));
    }

    /// Starts it, again on the data that it had, and waits until it answers.
    void start() throws IOException, InterruptedException {
        launch();
        try (var client = client()) {
            Await.until("etcd answers", () -> answers(client));
        }
    }

    void launch() throws IOException {
        var peer = "http://127.0.0.1:" + peerPort;
        process = new ProcessBuilder(
                        "etcd",
                        "--data-dir=" + folder.resolve("data"),
                        "--listen-client-urls=" + url(),
                        "--advertise-client-urls=" + url(),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--heartbeat-interval=20",
                        "--election-timeout=200")
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static boolean answers(EtcdClient client) {
        try {
            return client.range("/", 1).revision() > 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// SIGKILL.
    void kill() {
        var running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// What an operator's mistake or a lost disk does.
    void loseData() throws IOException {
        delete(folder.resolve("data"));
    }

    /// SIGSTOP and SIGCONT: connections stay open, and nobody answers.
    void signal(String name) throws IOException, InterruptedException {
        var pid = java.util.Objects.requireNonNull(process).pid();
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    }

    void control(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + url()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        var running = builder.start();
        var said = new String(running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    private static void delete(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        Runtime.getRuntime().removeShutdownHook(stop);
        delete(folder);
    }
}
