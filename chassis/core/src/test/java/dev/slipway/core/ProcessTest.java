package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator sees: streams, signals and exit codes of a process of its own.
@Timeout(60)
class ProcessTest {
    private static final int WRONG_SETTINGS = 2;
    private static final int CANNOT_START = 1;
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    Path folder;

    record Own(@Setting(about = "Its greeting") String greeting) {}

    /// The service of the child; its only component is a server with one slow page.
    static final class SlowApp extends ServiceDefinition<SlowApp.Sections> {
        record Sections(Own own) {}

        SlowApp() {
            super("slow", Sections.class);
        }

        public static void main(String[] args) {
            Slipway.run(new SlowApp(), args);
        }

        @Override
        public void assemble(Assembly service, Sections settings) {
            if (settings.own().greeting().equals("rude")) {
                service.refuse("rude greetings are refused\nsay something nice");
            }
            if (settings.own().greeting().equals("patient")) {
                service.component("never", new Never());
            }
            var page = new SlowPage();
            service.component("page", page);
            service.address("http", page::address);
        }
    }

    private static final class Never implements Component {
        @Override
        public void start() throws InterruptedException {
            System.out.println("waiting");
            new CountDownLatch(1).await();
        }

        @Override
        public void close() {}
    }

    /// Answers only once the service drains; runs on daemon threads, so that it does not keep the process alive.
    private static final class SlowPage implements Component {
        private final CountDownLatch draining = new CountDownLatch(1);
        private final CountDownLatch answered = new CountDownLatch(1);
        private final HttpServer server;

        SlowPage() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.createContext("/", exchange -> {
                System.out.println("serving");
                try {
                    draining.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("done".getBytes(StandardCharsets.UTF_8));
                exchange.close();
                answered.countDown();
            });
        }

        URI address() {
            return URI.create("http://localhost:" + server.getAddress().getPort());
        }

        @Override
        public void start() {
            server.start();
            System.out.println("address " + address());
        }

        @Override
        public void drain(Duration limit) throws InterruptedException {
            draining.countDown();
            answered.await();
        }

        @Override
        public void close() {
            server.stop(0);
            System.out.println("closed");
        }
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                SlowApp.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLOW_"));
        return builder.start();
    }

    private static String text(java.io.InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Skips the log until a line begins with this.
    private static String line(BufferedReader out, String start) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("the process ended without " + start);
    }

    @Test
    void wrong_settings_end_the_process_with_2_and_all_reasons() throws Exception {
        var process = start("--service.drain-timeout=soon", "--own.greting=hi");
        assertThat(text(process.getErrorStream())).isEqualTo("""
                        slow cannot start (3 reasons):
                          own.greting: no such setting (--own.greting); did you mean own.greeting?
                          service.drain-timeout: "soon" is not a duration such as 200ms, 5s, 10m, 1h or 7d \
                        (--service.drain-timeout)
                          own.greeting: is required
                        """);
        assertThat(process.waitFor()).isEqualTo(WRONG_SETTINGS);
    }

    @Test
    void a_refusal_of_the_wiring_ends_the_process_with_1() throws Exception {
        var process = start("--own.greeting=rude", "--service.management-port=0");
        assertThat(text(process.getErrorStream())).isEqualTo("""
                        slow cannot start:
                          rude greetings are refused
                          say something nice
                        """);
        assertThat(process.waitFor()).isEqualTo(CANNOT_START);
    }

    @Test
    void a_taken_port_ends_the_process_with_1_and_names_the_setting() throws Exception {
        try (var taken = new ServerSocket(0)) {
            var process = start("--own.greeting=hi", "--service.management-port=" + taken.getLocalPort());
            assertThat(text(process.getErrorStream())).contains("service.management-port: cannot listen on 0.0.0.0:");
            assertThat(process.waitFor()).isEqualTo(CANNOT_START);
        }
    }

    @Test
    void help_prints_the_settings() throws Exception {
        var process = start("--help");
        assertThat(text(process.getInputStream()))
                .startsWith("slow takes these settings:\n\n  --service.environment=production\n")
                .contains("\n  --own.greeting\n      Its greeting\n      string\n      SLOW_OWN_GREETING\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void sigterm_lets_the_request_in_flight_finish() throws Exception {
        var process = start("--own.greeting=hi", "--service.management-port=0");
        try (var out = process.inputReader();
                var client = HttpClient.newHttpClient()) {
            var address = URI.create(line(out, "address").substring("address ".length()));
            var answer = client.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            line(out, "serving");
            process.toHandle().destroy();
            assertThat(answer.get().body()).isEqualTo("done");
            line(out, "closed");
            assertThat(process.waitFor()).isEqualTo(ENDED_BY_SIGTERM);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void sigterm_ends_a_start_that_waits_without_complaint() throws Exception {
        var process = start("--own.greeting=patient", "--service.management-port=0");
        try (var out = process.inputReader()) {
            line(out, "waiting");
            process.toHandle().destroy();
            assertThat(process.waitFor()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(text(process.getErrorStream())).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }
}
