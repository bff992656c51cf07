package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Caller;
import dev.slipway.core.ProblemException;
import dev.slipway.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    private static final Caller ANN = new Caller.Anonymous();

    private final VirtualTime time = new VirtualTime();
    private final Budget budget = new Budget(60, time);

    @ParameterizedTest
    @ValueSource(ints = {-3_600, 0, 3_600})
    void what_is_spent_comes_back_by_the_time_that_passes_and_not_by_the_clock(int seconds) {
        budget.accept(ANN, 60L);
        time.setClock(Duration.ofSeconds(seconds));
        assertThat(refused(10).problem().retryAfter()).contains(Duration.ofSeconds(10));
        time.pass(Duration.ofSeconds(10));
        budget.accept(ANN, 10L);
        assertThat(refused(1).problem().code()).isEqualTo("graphql-budget-spent");
    }

    private ProblemException refused(long cost) {
        return catchThrowableOfType(ProblemException.class, () -> budget.accept(ANN, cost));
    }
}
