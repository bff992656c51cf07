package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

class LogConfiguratorTest {

    @Test
    void a_terminal_gets_text_and_everything_else_json() {
        assertThat(LogConfigurator.format(Map.of(), true)).isInstanceOf(TextLines.class);
        assertThat(LogConfigurator.format(Map.of(), false)).isInstanceOf(JsonLines.class);
        assertThat(LogConfigurator.format(Map.of("SLIPWAY_LOG_FORMAT", "json"), true))
                .isInstanceOf(JsonLines.class);
        assertThat(LogConfigurator.format(Map.of("SLIPWAY_LOG_FORMAT", "text"), false))
                .isInstanceOf(TextLines.class);
    }

    @Test
    void colour_is_for_terminals_that_want_it() {
        assertThat(hasColour(Map.of(), true)).isTrue();
        assertThat(hasColour(Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(hasColour(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(hasColour(Map.of("SLIPWAY_LOG_FORMAT", "text"), false)).isFalse();
    }

    @Test
    @Timeout(60)
    void a_process_logs_from_its_first_line_to_its_last_whoever_logs() throws Exception {
        var lines = outputOf(Map.of());
        assertThat(lines).allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("}"));
        assertThat(lines.stream().map(line -> line.replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1")))
                .containsSubsequence("first", "by java.util.logging", "by System.Logger", "line 999")
                .contains("while stopping")
                .doesNotContain("too fine")
                .hasSize(1004);
    }

    @Test
    @Timeout(60)
    void the_environment_chooses_text() throws Exception {
        assertThat(outputOf(Map.of("SLIPWAY_LOG_FORMAT", "text")).getFirst()).endsWith(" INFO  Chatter          first");
    }

    /// Another process, so that the log is set up as in a service.
    static final class Chatter {
        private Chatter() {}

        public static void main(String[] args) {
            var log = LoggerFactory.getLogger(Chatter.class);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> log.info("while stopping")));
            log.info("first");
            log.debug("too fine");
            var jul = java.util.logging.Logger.getLogger("jul");
            jul.info("by java.util.logging");
            jul.log(Level.FINE, "too fine");
            System.getLogger("platform").log(System.Logger.Level.INFO, "by System.Logger");
            for (var i = 0; i < 1000; i++) {
                log.info("line {}", i);
            }
            System.exit(0);
        }
    }

    private static List<String> outputOf(Map<String, String> environment) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), "-Xshare:auto", Chatter.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("SLIPWAY_LOG_FORMAT");
        builder.environment().putAll(environment);
        var process = builder.start();
        try (var out = process.getInputStream()) {
            var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return text.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean hasColour(Map<String, String> environment, boolean terminal) {
        return LogLines.written(LogConfigurator.format(environment, terminal), "shop", log -> log.info("x"))
                .contains("\u001b[");
    }
}
