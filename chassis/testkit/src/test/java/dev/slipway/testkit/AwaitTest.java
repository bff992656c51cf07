package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void a_condition_that_holds_is_asked_once() {
        Await.until("it holds", () -> calls.incrementAndGet() == 1);

        assertThat(calls).hasValue(1);
    }

    @Test
    void a_condition_that_holds_later_is_waited_for() {
        Await.until("the third time", () -> calls.incrementAndGet() == 3);

        assertThat(calls).hasValue(3);
    }

    @Test
    void a_condition_that_throws_does_not_hold_yet() {
        Await.until("no exception", () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            assertThat(calls.get()).as("an expectation, too, may hold later").isGreaterThan(2);
            return true;
        });
    }

    @Test
    void a_condition_that_never_holds_fails_with_what_was_awaited_and_why_it_did_not_hold() {
        assertThatThrownBy(() -> Await.until("the order is shipped", SHORT, () -> {
                    throw new IllegalStateException("attempt " + calls.incrementAndGet());
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 200 ms: the order is shipped")
                .satisfies(e -> assertThat(e.getCause()).hasMessage("attempt " + calls));
        assertThat(calls).as("it is asked often, and at the end again").hasValueGreaterThan(2);
    }

    @Test
    void a_condition_is_asked_at_least_once() {
        Await.until("it holds already", Duration.ZERO, () -> true);
    }

    @Test
    void a_test_that_is_interrupted_says_so_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Await.until("nothing", () -> false)).hasMessage("interrupted while waiting: nothing");
        assertThat(Thread.interrupted()).isTrue();
    }
}
