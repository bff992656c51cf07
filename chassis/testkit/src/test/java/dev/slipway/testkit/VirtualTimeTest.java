package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualTimeTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final VirtualTime time = new VirtualTime();

    @TestFactory
    Stream<DynamicTest> every_wait_ends_when_its_time_has_passed_and_leaves_no_interrupt() {
        return Stream.of(
                waits("latch", time -> !time.await(new CountDownLatch(1), HOUR)),
                waits("semaphore", time -> !time.tryAcquire(new Semaphore(0), HOUR)),
                waits("condition", VirtualTimeTest::awaitsCondition),
                waits("monitor", VirtualTimeTest::waitsOnMonitor),
                waits("future", time -> {
                    assertThatThrownBy(() -> time.get(new FutureTask<>(() -> 1), HOUR))
                            .isInstanceOf(TimeoutException.class);
                    return true;
                }));
    }

    @Test
    void a_wait_ends_at_once_when_what_it_waits_for_comes() throws Exception {
        var latch = new CountDownLatch(1);
        var permits = new Semaphore(1);
        var done = new FutureTask<>(() -> 7);
        done.run();
        var waiting = start(() -> time.await(latch, HOUR));
        time.awaitWaiting(1);
        latch.countDown();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(time.tryAcquire(permits, HOUR)).isTrue();
        assertThat(time.get(done, HOUR)).isEqualTo(7);
        assertThat(time.await(latch, 0)).isTrue();
        assertThat(time.tryAcquire(permits, 0)).isFalse();
    }

    @Test
    void a_future_that_failed_says_why() {
        var failed = new FutureTask<>(() -> {
            throw new IllegalArgumentException("planted");
        });
        failed.run();

        assertThatThrownBy(() -> time.get(failed, HOUR))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("planted");
    }

    @Test
    void an_interrupt_of_somebody_else_is_passed_on() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> time.await(new CountDownLatch(1), HOUR)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void the_clock_and_the_measure_go_together() {
        var began = time.nanoTime();
        var noon = time.clock().instant();
        time.pass(Duration.ofDays(3));

        assertThat(Duration.ofNanos(time.nanoTime() - began)).isEqualTo(Duration.ofDays(3));
        assertThat(Duration.between(noon, time.clock().instant())).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void a_backoff_waits_twice_as_long_each_time_up_to_its_bound() throws Exception {
        var backoff =
                new Backoff(time, new Random(7), new CountDownLatch(1), Duration.ofSeconds(1), Duration.ofSeconds(4));
        var waits = new ArrayList<Duration>();
        for (var i = 0; i < 5; i++) {
            var began = time.nanoTime();
            var waiting = start(() -> {
                backoff.await();
                return true;
            });
            time.awaitWaiting(1);
            time.pass(time.nextDue());
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
            waits.add(Duration.ofNanos(time.nanoTime() - began));
        }

        assertThat(waits.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(waits.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(waits.subList(2, 5))
                .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4)));
    }

    private interface Waiting {
        boolean ends(VirtualTime time) throws Exception;
    }

    private static DynamicTest waits(String what, Waiting waiting) {
        return DynamicTest.dynamicTest(what, () -> {
            var time = new VirtualTime();
            var task = start(() -> waiting.ends(time) && !Thread.interrupted());
            time.awaitWaiting(1);
            time.pass(Duration.ofNanos(HOUR - 1));
            time.awaitWaiting(1);
            assertThat(task.isDone()).isFalse();
            time.pass(Duration.ofNanos(1));

            assertThat(task.get(10, TimeUnit.SECONDS)).isTrue();
        });
    }

    private static boolean awaitsCondition(VirtualTime time) throws InterruptedException {
        var lock = new ReentrantLock();
        var never = lock.newCondition();
        lock.lock();
        try {
            var rest = HOUR;
            while (rest > 0) {
                rest = time.awaitNanos(never, rest);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static boolean waitsOnMonitor(VirtualTime time) throws InterruptedException {
        var monitor = new Object();
        var end = time.nanoTime() + HOUR;
        synchronized (monitor) {
            while (time.nanoTime() - end < 0) {
                time.waitOn(monitor, end - time.nanoTime());
            }
        }
        return true;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
