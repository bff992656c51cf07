package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void the_report_is_found_among_what_wrk_prints() {
        var seen = Load.Seen.parse("""
                Running 10s test @ http://127.0.0.1:1
                  50%    2.90ms
                report requests=21000 micros=2000000 p50=2900.5 p99=9800.0 errors=0
                """);
        assertThat(seen.rate()).isEqualTo(10_500);
        assertThat(seen.p50()).isEqualTo(2.9005);
        assertThat(seen.p99()).isEqualTo(9.8);
    }

    @Test
    void a_round_with_a_failed_request_is_no_result() {
        assertThatExceptionOfType(MeasureException.class)
                .isThrownBy(() -> Load.Seen.parse("report requests=9 micros=1 p50=1.0 p99=1.0 errors=1"));
    }

    @Test
    void a_round_without_an_answer_is_no_result() {
        assertThatExceptionOfType(MeasureException.class)
                .isThrownBy(() -> Load.Seen.parse("report requests=0 micros=1 p50=0.0 p99=0.0 errors=0"));
        assertThatExceptionOfType(MeasureException.class).isThrownBy(() -> Load.Seen.parse("unable to connect"));
    }
}
