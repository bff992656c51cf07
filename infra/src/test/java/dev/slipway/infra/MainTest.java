package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @RegisterExtension
    static final TestHome HOME = new TestHome();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    void a_server_runs_in_the_foreground_and_prints_its_address(@TempDir Path folder) throws Exception {
        Path keep = folder.resolve("data");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = threads.submit(() -> run("postgres", "--keep", keep.toString()));
            try {
                // A line may be written in parts.
                TestHome.await(() -> out.toString(StandardCharsets.UTF_8).endsWith(System.lineSeparator()));
                assertThat(out.toString(StandardCharsets.UTF_8))
                        .matches(Pattern.compile(
                                "jdbc:postgresql://127.0.0.1:\\d+/slipway\\?user=slipway&password=[0-9a-f]{32}\\R"));

                run("status");
                assertThat(out.toString(StandardCharsets.UTF_8)).contains("PostgreSQL on port ", "data in " + keep);
            } finally {
                end.countDown();
            }
            assertThat(running.get()).isZero();
        }
        HOME.awaitNothingRuns();
        out.reset();
        assertThat(run("status")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Nothing runs.%n".formatted());
    }

    @Test
    void an_unknown_command_is_answered_with_the_known_ones() throws Exception {
        assertThat(run("start")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(run("postgres", "--keep")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: postgres [--keep DIR]");
    }

    @Test
    void a_folder_that_cannot_be_used_is_one_line_and_a_failure(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("thesis.txt"));

        assertThat(run("postgres", "--keep", folder.toString())).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    }

    private int run(String... arguments) throws Exception {
        return Main.run(
                List.of(arguments),
                HOME.path(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                end);
    }
}
