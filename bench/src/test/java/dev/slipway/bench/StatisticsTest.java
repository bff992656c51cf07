package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void the_median_of_an_odd_number_of_values_is_the_middle_one() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    }

    @Test
    void the_median_of_an_even_number_of_values_is_the_mean_of_the_middle_two() {
        assertThat(Statistics.median(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(3);
    }

    @Test
    void percentiles_reach_from_the_least_to_the_greatest_and_interpolate_between() {
        var values = List.of(10.0, 20.0, 30.0, 40.0, 50.0);
        assertThat(Statistics.percentile(values, 0)).isEqualTo(10);
        assertThat(Statistics.percentile(values, 25)).isEqualTo(20);
        assertThat(Statistics.percentile(values, 90)).isEqualTo(46);
        assertThat(Statistics.percentile(values, 100)).isEqualTo(50);
    }

    @Test
    void nothing_has_no_median() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(List.of()));
    }

    @Test
    void the_ratio_compares_within_rounds_so_that_a_slow_round_of_both_sides_does_not_count() {
        var reference = List.of(100.0, 10.0, 100.0);
        var values = List.of(80.0, 8.0, 90.0);
        assertThat(Statistics.ratio(values, reference)).isEqualTo(0.8);
    }

    @Test
    void a_ratio_needs_as_many_values_on_both_sides() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.ratio(List.of(1.0), List.of(1.0, 2.0)));
    }
}
