package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void each_wait_is_longer_up_to_a_bound() throws InterruptedException {
        var backoff = new Backoff(Time.system(), new Random(1), closed, Duration.ofMillis(1), Duration.ofMillis(4));
        var began = System.nanoTime();
        for (var i = 0; i < 5; i++) {
            backoff.await();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("the shortest are 0.5 + 1 + 2 + 2 + 2 ms")
                .isGreaterThanOrEqualTo(Duration.ofNanos(7_500_000));
    }

    @Test
    void no_wait_outlasts_the_service() {
        var backoff = new Backoff(Time.system(), new Random(1), closed, Duration.ofDays(1), Duration.ofDays(1));
        closed.countDown();

        assertThatThrownBy(backoff::await).isInstanceOf(InterruptedException.class);
    }

    @Test
    void the_first_wait_is_bounded_too() throws InterruptedException {
        new Backoff(Time.system(), new Random(1), closed, Duration.ofDays(1), Duration.ofMillis(1)).await();

        assertThat(closed.getCount()).isEqualTo(1);
    }
}
