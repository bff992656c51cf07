package dev.slipway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.slipway.core.Time;
import dev.slipway.resilience.ConcurrencyLimit.Sample;
import dev.slipway.testkit.CapturedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static final ConcurrencyLimitSettings DEFAULTS =
            new ConcurrencyLimitSettings(10, 2_000, Duration.ofMillis(50));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MILLISECONDS_2 = Duration.ofMillis(2);
    private static final Duration MILLISECONDS_50 = Duration.ofMillis(50);
    private static final Duration MILLISECONDS_100 = Duration.ofMillis(100);

    private final long seed = new Random().nextLong();

    ConcurrencyLimitTest() {
        System.out.println("seed " + seed);
    }

    private SimulatedServer server(int workers) {
        return new SimulatedServer(seed, workers, DEFAULTS);
    }

    @Test
    void a_server_asked_for_ten_times_what_it_can_serves_what_it_can_in_bounded_time() {
        var server = server(5);
        var workload = server.limit().workload();
        server.serve(MINUTE, 30, workload, MILLISECONDS_100);
        server.serve(MINUTE, 500, workload, MILLISECONDS_100);

        var seen = server.serve(MINUTE.multipliedBy(10), 500, workload, MILLISECONDS_100);

        assertThat(seen.rate(MINUTE.multipliedBy(10))).isGreaterThan(47);
        assertThat(seen.percentile(99)).isLessThan(Duration.ofSeconds(2));
        assertThat(seen.refusedShare()).isBetween(0.89, 0.91);
        assertThat(server.gauge("server.concurrency.limit")).isLessThan(100);
        assertThat(server.gauge("server.concurrency.in.flight")).isLessThan(100);
        assertThat(server.refused()).isGreaterThan(seen.refused());
    }

    @Test
    void without_an_adaptive_limit_the_same_check_sees_latency_without_bound() {
        var server = new SimulatedServer(seed, 5, new ConcurrencyLimitSettings(2_000, 2_000, MILLISECONDS_50));
        var workload = server.limit().workload();
        server.serve(MINUTE, 500, workload, MILLISECONDS_100);

        assertThat(server.serve(MINUTE, 500, workload, MILLISECONDS_100).percentile(99))
                .isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void a_server_that_was_overloaded_from_its_first_request_finds_its_limit_too() {
        var server = server(8);
        var workload = server.limit().workload();
        server.serve(MINUTE, 3_200, workload, Duration.ofMillis(5));

        var seen = server.serve(MINUTE, 3_200, workload, Duration.ofMillis(5));

        assertThat(seen.rate(MINUTE)).isGreaterThan(1_500);
        assertThat(seen.percentile(99)).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void after_an_overload_everybody_is_served_again() {
        var server = server(5);
        var workload = server.limit().workload();
        server.serve(MINUTE, 30, workload, MILLISECONDS_100);
        server.serve(MINUTE, 500, workload, MILLISECONDS_100);
        server.serve(MINUTE, 30, workload, MILLISECONDS_100);

        // Arrivals are random: at 60 % of what the server can, a queue may form now and then.
        assertThat(server.serve(MINUTE, 30, workload, MILLISECONDS_100).refusedShare())
                .isLessThan(0.02);
    }

    private static void assertNobodyRefused(SimulatedServer.Seen seen) {
        assertThat(seen.refused()).isZero();
    }

    @Test
    void a_healthy_server_refuses_nobody_steady_or_in_a_burst() {
        var server = server(1_000);
        var workload = server.limit().workload();

        assertNobodyRefused(server.serve(MINUTE, 100, workload, MILLISECONDS_50));
        assertNobodyRefused(server.serve(MINUTE, 3_000, workload, MILLISECONDS_50));
    }

    @Test
    void a_busy_server_with_no_queue_to_speak_of_refuses_nobody() {
        var server = server(8);

        assertNobodyRefused(
                server.serve(MINUTE.multipliedBy(5), 1_280, server.limit().workload(), Duration.ofMillis(5)));
    }

    @Test
    void slow_requests_after_fast_ones_are_no_overload() {
        var server = server(1_000);
        var fast = server.limit().workload();
        var slow = server.limit().workload();
        server.serve(MINUTE, 1_000, fast, MILLISECONDS_2);

        assertNobodyRefused(server.serve(MINUTE, 1_000, slow, Duration.ofMillis(500)));
    }

    @Test
    void one_operation_that_becomes_much_slower_for_good_is_learnt() {
        var server = server(1_000);
        var workload = server.limit().workload();
        server.serve(MINUTE, 500, workload, MILLISECONDS_2);
        server.serve(MINUTE.multipliedBy(2), 500, workload, Duration.ofSeconds(1));

        assertThat(server.serve(MINUTE, 500, workload, Duration.ofSeconds(1)).refusedShare())
                .isLessThan(0.01);
    }

    @Test
    void a_pause_costs_few_requests() {
        var server = server(16);
        var workload = server.limit().workload();
        server.serve(MINUTE, 1_000, workload, Duration.ofMillis(5));
        server.pause(Duration.ofMillis(300), 1_000, workload, Duration.ofMillis(5));
        var after = server.serve(MINUTE, 1_000, workload, Duration.ofMillis(5));

        assertThat(after.refused()).isLessThan(600);
    }

    @Test
    void what_was_given_up_counts_as_late_and_what_did_no_work_not_at_all() {
        var time = new Nanos();
        var limit = new ConcurrencyLimit("http", DEFAULTS, new SimpleMeterRegistry(), time);
        var workload = limit.workload();
        for (var i = 0; i < 100; i++) {
            serve(workload, time, Duration.ofSeconds(i), Sample.UNMEASURED);
        }
        assertThat(limit.limit()).isEqualTo(2_000);

        for (var i = 0; i < 100; i++) {
            serve(workload, time, Duration.ofMillis(49), Sample.OVERLOADED);
        }
        assertThat(limit.limit()).as("what had less time than is tolerated").isEqualTo(2_000);

        for (var i = 0; i < 100; i++) {
            serve(workload, time, Duration.ofMillis(50), Sample.OVERLOADED);
        }
        assertThat(limit.limit()).isEqualTo(10);
    }

    private static void serve(ConcurrencyLimit.Workload workload, Nanos time, Duration took, Sample outcome) {
        var begin = time.getAsLong();
        assertThat(workload.tryAcquire()).isTrue();
        time.pass(took);
        workload.release(begin, time.getAsLong(), outcome);
    }

    @Test
    void refusals_are_told_once_in_ten_seconds() {
        try (var log = CapturedLog.of(ConcurrencyLimit.class)) {
            var time = new Nanos();
            var settings = new ConcurrencyLimitSettings(1, 1, MILLISECONDS_50);
            var workload = new ConcurrencyLimit("http", settings, new SimpleMeterRegistry(), time).workload();
            assertThat(workload.tryAcquire()).isTrue();
            for (var i = 0; i < 1_000; i++) {
                assertThat(workload.tryAcquire()).isFalse();
            }
            time.pass(Duration.ofSeconds(10));
            assertThat(workload.tryAcquire()).isFalse();

            assertThat(log.messages(Level.WARN))
                    .containsExactly(
                            "http: refused 1 requests; it now takes on 1 at once",
                            "http: refused 1000 requests; it now takes on 1 at once");
        }
    }

    @Test
    void many_threads_are_never_more_than_the_limit_and_leave_nothing_behind() {
        var settings = new ConcurrencyLimitSettings(20, 20, MILLISECONDS_50);
        var limit = new ConcurrencyLimit("http", settings, Time.system(), new SimpleMeterRegistry());
        var workload = limit.workload();
        var within = new AtomicInteger();
        var most = new AtomicInteger();
        var served = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 10_000; i++) {
                threads.execute(() -> {
                    var begin = System.nanoTime();
                    if (workload.tryAcquire()) {
                        most.accumulateAndGet(within.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(1_000);
                        served.incrementAndGet();
                        within.decrementAndGet();
                        workload.release(begin, System.nanoTime(), Sample.SERVED);
                    }
                });
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(20);
        assertThat(served.get()).isPositive();
        assertThat(limit.inFlight()).isZero();
    }
}
