package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assumeThat(hasNode()).as("node is not installed").isTrue();
        assumeThat(Files.isDirectory(SCRIPTS.resolve("node_modules", "graphql-ws")))
                .as("run npm ci in chassis/graphql/src/test/node first")
                .isTrue();
        try (var site = Site.start("--graphql.init-timeout=20s")) {
            var said = run(List.of("node", "client.mjs", site.uri().toString().replace("http:", "ws:")));

            var answer = Site.parse(said.substring(said.indexOf('{')));
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

    private static boolean hasNode() {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
