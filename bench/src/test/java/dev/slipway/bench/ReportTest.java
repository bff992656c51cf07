package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.bench.Report.Goal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Goal RATE = new Goal("≥ 0.75", 0.75, true);

    @Test
    void the_table_says_medians_the_ratio_of_the_rounds_and_whether_the_goal_is_met() {
        var report = new Report("", "bare twin", "user service", "ratio", "goal")
                .sides("rate", "%.0f", List.of(100.0, 200.0, 300.0), List.of(80.0, 160.0, 150.0), Optional.of(RATE))
                .note("A note.");
        assertThat(report.markdown()).isEqualTo("""
                        |      | bare twin | user service | ratio |        goal |
                        |------|----------:|-------------:|------:|------------:|
                        | rate |       200 |          150 |  0.80 | ≥ 0.75, met |

                        A note.
                        """);
    }

    @Test
    void a_goal_is_missed_on_the_wrong_side_of_its_bound_only() {
        assertThat(RATE.verdict(0.75)).endsWith("met");
        assertThat(RATE.verdict(0.74)).endsWith("missed");
        var tail = new Goal("≤ 1.50", 1.5, false);
        assertThat(tail.verdict(1.5)).endsWith("met");
        assertThat(tail.verdict(1.51)).endsWith("missed");
    }

    @Test
    void a_row_has_a_cell_for_each_head() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Report("one", "two").row("alone"));
    }

    @Test
    void a_saved_result_begins_with_its_circumstances() {
        var circumstances = new Circumstances(
                "bench/run new --rounds 3", "abc1234", LocalDate.of(2026, 1, 2), "Some Processor", 2, "25.0.1");
        assertThat(circumstances.heading("first")).isEqualTo("""
                        # first

                        `bench/run new --rounds 3` on 2026-01-02, commit abc1234; Some Processor, 2 cores, Java 25.0.1.

                        """);
    }

    @Test
    void the_processor_is_called_by_its_model() {
        assertThat(Circumstances.processor("processor\t: 0\nmodel name\t: Some Processor\nflags\t: a b\n"))
                .isEqualTo("Some Processor");
        assertThat(Circumstances.processor("processor\t: 0\n")).isEqualTo("unknown processor");
    }
}
