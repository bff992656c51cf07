package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void load_is_measured_when_nothing_is_said() {
        assertThat(Options.parse(List.of())).isEqualTo(Options.parse(List.of("load")));
        assertThat(Options.parse(List.of()).command()).isEqualTo("bench/run load --rounds 5 --seconds 10 --warm-up 60");
    }

    @Test
    void options_replace_the_defaults() {
        var options = Options.parse(List.of("--seconds", "3", "--rounds", "7", "--warm-up", "0", "--save", "a-1"));
        assertThat(options.command()).isEqualTo("bench/run load --rounds 7 --seconds 3 --warm-up 0");
        assertThat(options.save()).contains("a-1");
    }

    @Test
    void new_has_rounds_of_its_own() {
        assertThat(Options.parse(List.of("new")).command()).isEqualTo("bench/run new --rounds 10");
    }

    @ParameterizedTest
    @CsvSource({
        "write, write --rounds 5 --seconds 10 --warm-up 60",
        "graphql, graphql --rounds 5 --seconds 10 --warm-up 60",
        "grpc, grpc --rounds 5 --seconds 10 --warm-up 60",
        "subscriptions, subscriptions --rounds 3"
    })
    void protocols_have_defaults_of_their_own(String subject, String command) {
        assertThat(Options.parse(List.of(subject)).command()).isEqualTo("bench/run " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rounds",
                "--rounds 0",
                "--rounds 51",
                "--seconds 61",
                "--warm-up 121",
                "--rounds x",
                "--save ../x",
                "--save /x",
                "--speed 3",
                "old",
                "load new",
                "--rounds 50 --seconds 60"
            })
    void what_is_wrong_is_refused(String arguments) {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of(arguments.split(" "))));
    }
}
