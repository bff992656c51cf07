package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {
    @TempDir
    private Path folder;

    @Test
    void what_still_runs_ends_with_them() throws IOException {
        Process process;
        try (var children = new Children()) {
            process = children.start(
                    List.of("sh", "-c", "exec sleep 600"),
                    folder,
                    folder.resolve("out").toFile());
        }
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void a_command_that_fails_says_what_it_printed() {
        try (var children = new Children()) {
            assertThatExceptionOfType(MeasureException.class)
                    .isThrownBy(() -> children.run(List.of("sh", "-c", "echo no luck; exit 3"), folder))
                    .withMessageContaining("no luck");
        }
    }

    @Test
    void a_command_that_succeeds_gives_what_it_printed() throws IOException, InterruptedException {
        try (var children = new Children()) {
            assertThat(children.run(List.of("echo", "here"), folder)).isEqualTo("here\n");
        }
    }
}
