package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void a_wrong_option_is_answered_with_what_is_wrong_and_the_usage() throws Exception {
        var err = new ByteArrayOutputStream();
        var out = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var code = Main.run(
                Path.of("."), List.of("--speed", "3"), out, new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("'--speed' is not known")
                .contains("usage: bench/run");
    }
}
