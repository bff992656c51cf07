package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class CoresTest {

    @Test
    void the_first_core_is_the_services_and_the_others_are_for_the_rest() {
        var cores = Cores.parse("2-4,8");
        assertThat(cores.service()).isEqualTo("2");
        assertThat(cores.others()).isEqualTo("3,4,8");
        assertThat(cores.all()).isEqualTo("2,3,4,8");
    }

    @Test
    void one_core_is_not_enough() {
        assertThatExceptionOfType(MeasureException.class).isThrownBy(() -> Cores.parse("0"));
    }
}
