package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Time;
import dev.slipway.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FairSemaphoreTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.close();
    }

    private Future<Boolean> waiter(FairSemaphore permits) throws InterruptedException {
        var before = permits.waiting();
        var result = threads.submit(permits::acquire);
        Await.until("it waits", () -> permits.waiting() == before + 1);
        return result;
    }

    @Test
    void turns_are_given_in_the_order_of_coming() throws Exception {
        try (var permits = new FairSemaphore("test", 1, LONG, Time.system())) {
            assertThat(permits.acquire()).isTrue();
            var served = new CopyOnWriteArrayList<Integer>();
            var calls = new ArrayList<Future<Boolean>>();
            for (var i = 0; i < 5; i++) {
                var number = i;
                var before = permits.waiting();
                calls.add(threads.submit(() -> {
                    var taken = permits.acquire();
                    served.add(number);
                    permits.release();
                    return taken;
                }));
                Await.until("it waits", () -> permits.waiting() == before + 1);
            }
            assertThat(permits.tryAcquire()).isFalse();

            permits.release();
            permits.awaitAllFree(LONG);

            assertThat(calls).allSatisfy(call -> assertThat(call.get()).isTrue());
            assertThat(served).containsExactly(0, 1, 2, 3, 4);
            assertThat(permits.tryAcquire()).isTrue();
            permits.release();
        }
    }

    @Test
    void who_waits_too_long_is_refused_and_harms_no_other() throws Exception {
        try (var permits = new FairSemaphore("test", 1, Duration.ofMillis(50), Time.system())) {
            assertThat(permits.acquire()).isTrue();

            assertThat(List.of(threads.submit(permits::acquire), threads.submit(permits::acquire)))
                    .allSatisfy(late -> assertThat(late.get()).isFalse());

            permits.release();
            assertThat(permits.acquire()).isTrue();
            permits.release();
            assertThat(permits.free()).isEqualTo(1);
        }
    }

    @Test
    void who_is_interrupted_leaves_the_queue() throws Exception {
        try (var permits = new FairSemaphore("test", 1, LONG, Time.system())) {
            assertThat(permits.acquire()).isTrue();
            var first = waiter(permits);
            var second = waiter(permits);

            first.cancel(true);
            Await.until("it has left", () -> permits.waiting() == 1);
            permits.release();

            assertThat(second.get()).isTrue();
            permits.release();
            assertThat(permits.free()).isEqualTo(1);
        }
    }

    @Test
    void no_turn_is_lost_however_turns_and_interrupts_meet() throws Exception {
        try (var permits = new FairSemaphore("test", 2, Duration.ofMillis(1), Time.system())) {
            var served = new AtomicInteger();
            var calls = IntStream.range(0, 10_000)
                    .mapToObj(i -> threads.submit(() -> {
                        if (permits.acquire()) {
                            served.incrementAndGet();
                            permits.release();
                        }
                        return true;
                    }))
                    .toList();
            for (var i = 0; i < calls.size(); i += 3) {
                calls.get(i).cancel(true);
            }
            threads.close();

            assertThat(served.get()).isPositive();
            assertThat(permits.waiting()).isZero();
            assertThat(permits.free()).isEqualTo(2);
        }
    }

    @Test
    void closing_refuses_who_waits_and_who_would_have_to() throws Exception {
        var permits = new FairSemaphore("test", 1, LONG, Time.system());
        assertThat(permits.acquire()).isTrue();
        var waiter = waiter(permits);

        permits.close();

        assertThat(waiter.get()).isFalse();
        assertThat(permits.acquire()).isFalse();
        permits.release();
        assertThat(permits.acquire()).isTrue();
    }

    @Test
    void an_interrupted_thread_does_not_begin_to_wait() throws Exception {
        try (var permits = new FairSemaphore("test", 1, LONG, Time.system())) {
            var call = threads.submit(() -> {
                Thread.currentThread().interrupt();
                return permits.acquire();
            });
            assertThatThrownBy(call::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(permits.free()).isEqualTo(1);
        }
    }
}
