package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The `graphql-ws` client of the npm registry, in a process of its own. Needs node and what `npm ci` brings into
/// `src/test/node`; CI has both.
class NodeClientTest {
    private static final Path SCRIPTS = Path.of("src", "test", "node");

    @Test
    @Timeout(120)
    void the_client_of_the_npm_registry_is_understood() throws Exception {
        try (var site = Site.start("--graphql.init-timeout=20s");
                var node = new Node("client.mjs", site)) {
            var answer = node.answer();
            assertThat(answer.get("count").toString()).isEqualTo("[1,2,3]");
            assertThat(answer.get("query").asText()).isEqualTo("Book 1");
            assertThat(answer.get("early").asInt()).isEqualTo(5);
            assertThat(answer.get("refused").asText()).isEqualTo("token-required");
            assertThat(answer.get("invalid").asText()).isEqualTo("graphql-validation-failed");
            assertThat(answer.get("event").asText()).isEqualTo("By node");
            assertThat(answer.get("forbidden").asInt()).isEqualTo(SocketCodes.FORBIDDEN);
            assertThat(site.library.endlessEnded.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Timeout(120)
    void a_stop_tells_every_socket_ends_subscriptions_and_answers_what_is_in_flight() throws Exception {
        try (var site = Site.start("--graphql.init-timeout=20s", "--service.drain-timeout=15s");
                var node = new Node("stop.mjs", site)) {
            assertThat(node.line()).isEqualTo("open");
            SubscriptionTest.until(() -> site.library.idle.get() == 10 && site.library.meeting.getNumberWaiting() == 1);
            var stop = Thread.ofVirtual().start(site::close);

            assertThat(node.line()).isEqualTo("subscriptions have ended");
            assertThat(stop.isAlive()).isTrue();
            site.library.meeting.await();

            var answer = node.answer();
            assertThat(answer.get("mutation").toString()).isEqualTo("{\"meetLate\":true}");
            assertThat(answer.get("closes")).hasSize(21);
            assertThat(answer.get("closes"))
                    .allMatch(close -> close.asText().equals(SocketCodes.GOING_AWAY + " The service is stopping"));
            assertThat(site.library.idleEnded.get()).isEqualTo(10);
            assertThat(stop.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    /// A script in a process of its own; skipped where there is no node.
    private static final class Node implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;

        Node(String script, Site site) throws IOException {
            assumeThat(hasNode()).as("node is not installed").isTrue();
            assumeThat(Files.isDirectory(SCRIPTS.resolve("node_modules", "graphql-ws")))
                    .as("run npm ci in chassis/graphql/src/test/node first")
                    .isTrue();
            process = new ProcessBuilder("node", script, site.uri().toString().replace("http:", "ws:"))
                    .directory(SCRIPTS.toFile())
                    .redirectErrorStream(true)
                    .start();
            said = process.inputReader(StandardCharsets.UTF_8);
        }

        private static boolean hasNode() {
            return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
        }

        String line() throws IOException {
            return String.valueOf(said.readLine());
        }

        /// The last line, as JSON.
        JsonNode answer() throws IOException, InterruptedException {
            var all = said.lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s", all).isTrue();
            assertThat(process.exitValue()).as("%s", all).isZero();
            return Site.parse(all.getLast());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
