package dev.slipway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.slipway.resilience.DependencySettings.CircuitBreaker;
import dev.slipway.resilience.FaultyServer.Condition;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Promise G11: a dependency that is slow, ill or both in turns harms neither itself nor who calls it.
class FaultsTest {
    private static final double MOST_ATTEMPTS_PER_CALL = 1.2;
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(30);

    private final FaultyServer server;

    FaultsTest() throws IOException {
        server = new FaultyServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// How many of the calls were answered; every other one was refused or failed in an orderly way.
    private int calls(Dependency provider, int calls, int atOnce) {
        var answered = new AtomicInteger();
        var turns = new Semaphore(atOnce);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < calls; i++) {
                turns.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        answered.addAndGet(
                                provider.callOr(server::ask, failure -> "").isEmpty() ? 0 : 1);
                    } finally {
                        turns.release();
                    }
                });
            }
        }
        return answered.get();
    }

    private static long openings(TestDependency provider) {
        return provider.logged(Level.WARN).stream()
                .filter(line -> line.contains("the circuit opens"))
                .count();
    }

    /// A policy under which a slow machine is no failure of the dependency.
    private static TestPolicy patient() {
        return TestPolicy.defaults().timeLimit(Duration.ofMinutes(5)).bulkhead(50, Duration.ofMinutes(5));
    }

    /// No more calls at once than the budget holds tokens, so that none is lost.
    private double attemptsPerCall(double budget, int calls) {
        try (var provider = new TestDependency(patient().circuitNeverOpens().retry(3, budget))) {
            server.becomes(Condition.FAILING);
            calls(provider.get().retrying(), calls, RetryBudget.MOST);
            return (double) server.requests() / calls;
        }
    }

    @Test
    void a_dependency_that_fails_wholly_gets_few_retries_even_if_no_circuit_opens() {
        assertThat(attemptsPerCall(0.2, 1_000)).isBetween(1.19, MOST_ATTEMPTS_PER_CALL);
    }

    @Test
    void without_a_budget_the_same_check_sees_the_load_multiply() {
        assertThat(attemptsPerCall(1, 1_000)).isGreaterThan(1.9);
    }

    @Test
    void a_dependency_that_fails_wholly_is_left_alone_and_used_again_when_it_is_back() {
        try (var provider = new TestDependency(patient())) {
            assertThat(calls(provider.get().retrying(), 200, 20)).isEqualTo(200);

            server.becomes(Condition.FAILING);
            assertThat(calls(provider.get().retrying(), 1_000, 20)).isZero();

            assertThat(server.requests() - 200).isLessThan(200);
            assertThat(provider.isIn("open")).isTrue();
            assertThat(provider.calls("circuit-open")).isGreaterThan(800);
            assertThat(openings(provider)).isEqualTo(1);

            provider.time().pass(TestPolicy.OPEN_FOR.plusMillis(1));
            assertThat(calls(provider.get().retrying(), 100, 20)).isZero();
            assertThat(openings(provider)).isEqualTo(1);

            server.becomes(Condition.WELL);
            assertThat(TestPolicy.OPEN_FOR).isLessThan(LONGEST_RECOVERY);
            provider.time().pass(TestPolicy.OPEN_FOR.plusMillis(1));
            assertThat(calls(provider.get(), 10, 1)).isEqualTo(10);
            assertThat(provider.isIn("closed")).isTrue();
            assertThat(provider.logged(Level.INFO))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("is back");
        }
    }

    @Test
    void a_dependency_that_is_ten_seconds_slow_holds_nobody_up() throws Exception {
        var policy = TestPolicy.defaults().timeLimit(Duration.ofMillis(200));
        try (var provider = new TestDependency(policy)) {
            server.becomes(Condition.SLOW);

            assertThat(calls(provider.get().retrying(), 500, 100)).isZero();

            assertThat(provider.isIn("open")).isTrue();
            assertThat(provider.calls("time-limit")).isPositive();
            assertThat(provider.calls("time-limit") + provider.calls("circuit-open") + provider.calls("bulkhead-full"))
                    .isEqualTo(500);
            assertThat(server.requests() / 500.0).isLessThanOrEqualTo(MOST_ATTEMPTS_PER_CALL);
            Await.until("all attempts have ended", () -> provider.gauge("dependency.bulkhead.free") == 50);

            server.becomes(Condition.WELL);
            Await.until("it is used again", () -> {
                provider.time().pass(TestPolicy.OPEN_FOR.plusMillis(1));
                return calls(provider.get(), 10, 1) == 10;
            });
        }
    }

    @Test
    void a_dependency_that_is_well_and_ill_in_turns_gets_few_retries_and_recovers() throws Exception {
        var seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var policy = patient().retry(3, 0.2).circuit(new CircuitBreaker(0.5, 20, 10, Duration.ofMillis(20), 3));
        try (var provider = new TestDependency(policy)) {
            var calls = 0;
            for (var turn = 0; turn < 40; turn++) {
                server.becomes(random.nextBoolean() ? Condition.WELL : Condition.FAILING);
                var some = 10 + random.nextInt(50);
                calls(provider.get().retrying(), some, 10);
                calls += some;
                provider.time().pass(Duration.ofMillis(random.nextInt(30)));
            }
            assertThat(server.requests() / (double) calls).isLessThanOrEqualTo(MOST_ATTEMPTS_PER_CALL);

            server.becomes(Condition.WELL);
            Await.until("it is used again", () -> {
                provider.time().pass(Duration.ofMillis(20));
                return calls(provider.get(), 10, 1) == 10;
            });
            assertThat(provider.isIn("closed")).isTrue();
        }
    }

    @Test
    void ten_thousand_threads_pass_a_bulkhead_of_twenty_one_after_the_other() {
        var policy = patient().bulkhead(20, Duration.ofMinutes(5));
        try (var provider = new TestDependency(policy)) {
            assertThat(calls(provider.get(), 10_000, 10_000)).isEqualTo(10_000);
            assertThat(provider.calls("ok")).isEqualTo(10_000);
        }
    }

    @Test
    void ten_thousand_threads_at_a_slow_dependency_are_all_refused_in_time() throws Exception {
        var policy = TestPolicy.defaults().timeLimit(Duration.ofMillis(500)).bulkhead(20, Duration.ofMillis(100));
        try (var provider = new TestDependency(policy)) {
            server.becomes(Condition.SLOW);

            assertThat(calls(provider.get(), 10_000, 10_000)).isZero();

            assertThat(server.requests()).isLessThan(200);
            assertThat(provider.count("dependency.fallbacks")).isEqualTo(10_000);
            Await.until("all attempts have ended", () -> provider.gauge("dependency.bulkhead.free") == 20);
        }
    }
}
