package dev.slipway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Time;
import dev.slipway.core.TraceContext;
import dev.slipway.resilience.DependencyException.BulkheadFull;
import dev.slipway.resilience.DependencyException.CircuitOpen;
import dev.slipway.resilience.DependencyException.Failed;
import dev.slipway.resilience.DependencyException.Interrupted;
import dev.slipway.resilience.DependencyException.TimedOut;
import dev.slipway.resilience.DependencySettings.CircuitBreaker;
import dev.slipway.resilience.DependencySettings.Retry;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DependencyTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private static final Callable<String> NEVER_ENDS = () -> {
        new CountDownLatch(1).await();
        return "";
    };

    /// Fails so often, then answers.
    private record Flaky(int failures, Exception failure, AtomicInteger calls) implements Callable<String> {
        Flaky(int failures, Exception failure) {
            this(failures, failure, new AtomicInteger());
        }

        @Override
        public String call() throws Exception {
            if (calls.incrementAndGet() <= failures) {
                throw failure;
            }
            return "answer";
        }
    }

    private static CallContext context(Optional<Instant> deadline) {
        var trace = new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true);
        return new CallContext("shop", "placeOrder", "r-1", trace, new Caller.Anonymous(), deadline);
    }

    private static Flaky failing(Exception failure) {
        return new Flaky(Integer.MAX_VALUE, failure);
    }

    private static void fill(TestDependency provider) {
        for (var i = 0; i < 100; i++) {
            provider.get().call(() -> "pays into the budget");
        }
    }

    @Test
    void a_call_brings_the_answer_also_if_it_is_nothing() {
        try (var provider = new TestDependency(TestPolicy.defaults())) {
            assertThat(provider.get().call(() -> "answer")).isEqualTo("answer");
            assertThat(provider.get().<@org.jspecify.annotations.Nullable String>call(() -> null))
                    .isNull();
            assertThat(provider.calls("ok")).isEqualTo(2);
        }
    }

    @Test
    void a_call_is_made_once_unless_it_may_be_repeated() {
        try (var provider = new TestDependency(TestPolicy.defaults().retry(3, 1))) {
            fill(provider);
            var once = new Flaky(1, new IOException("reset"));
            assertThatThrownBy(() -> provider.get().call(once)).isInstanceOf(Failed.class);
            assertThat(once.calls()).hasValue(1);

            var repeated = new Flaky(2, new IOException("reset"));
            assertThat(provider.get().retrying().call(repeated)).isEqualTo("answer");
            assertThat(repeated.calls()).hasValue(3);
            assertThat(provider.count("dependency.retries")).isEqualTo(2);
        }
    }

    @Test
    void who_calls_learns_what_happened_and_clients_learn_no_detail() {
        try (var provider = new TestDependency(TestPolicy.defaults())) {
            var cause = new IOException("10.0.0.7 refused");
            var failure =
                    catchThrowableOfType(Failed.class, () -> provider.get().call(failing(cause)));

            assertThat(failure).hasCause(cause).hasMessageStartingWith("provider: dependency-failed");
            assertThat(failure.dependency()).isEqualTo("provider");
            assertThat(failure.problem().kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure.problem().detail()).doesNotContain("provider").doesNotContain("10.0.0.7");
            assertThat(provider.calls("failed")).isEqualTo(1);
        }
    }

    @Test
    void a_problem_of_the_client_keeps_its_code() {
        var problem = Problem.of(Kind.UNAVAILABLE, "bank-closed", "The bank is closed.");
        try (var provider = new TestDependency(TestPolicy.defaults())) {
            assertThatThrownBy(() -> provider.get().call(failing(problem.asException())))
                    .isInstanceOfSatisfying(
                            Failed.class, e -> assertThat(e.problem()).isEqualTo(problem));
        }
    }

    @Test
    void an_answer_that_says_no_is_neither_repeated_nor_counted_nor_replaced() {
        try (var provider = new TestDependency(TestPolicy.defaults().retry(3, 1))) {
            fill(provider);
            var no = failing(Problem.notFound("No such card.").asException());
            for (var i = 0; i < 60; i++) {
                assertThatThrownBy(() -> provider.get().retrying().callOr(no, failure -> "fallback"))
                        .isInstanceOf(ProblemException.class)
                        .isNotInstanceOf(DependencyException.class);
            }
            assertThat(no.calls()).hasValue(60);
            assertThat(provider.isIn("closed")).isTrue();
            assertThat(provider.calls("refused")).isEqualTo(60);
        }
    }

    @Test
    void a_bug_stays_a_bug() {
        try (var provider = new TestDependency(TestPolicy.defaults())) {
            for (var bug : new RuntimeException[] {
                new NullPointerException(),
                new IllegalArgumentException(),
                new IndexOutOfBoundsException(),
                new ClassCastException()
            }) {
                assertThatThrownBy(() -> provider.get().retrying().call(failing(bug)))
                        .isSameAs(bug);
            }
            var error = new AssertionError("broken");
            assertThatThrownBy(() -> provider.get().call(() -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
    }

    @Test
    void the_budget_pays_for_retries_out_of_earlier_calls() {
        try (var provider =
                new TestDependency(TestPolicy.defaults().circuitNeverOpens().retry(3, 0.2))) {
            var early = failing(new IOException("reset"));
            assertThatThrownBy(() -> provider.get().retrying().call(early)).isInstanceOf(Failed.class);
            assertThat(early.calls()).as("nothing was paid in yet").hasValue(1);
            assertThat(provider.count("dependency.retries.refused")).isEqualTo(1);
            assertThat(provider.logged(Level.WARN))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("budget");

            fill(provider);
            assertThat(provider.gauge("dependency.retry.budget")).isEqualTo(RetryBudget.MOST);
            var later = failing(new IOException("reset"));
            assertThatThrownBy(() -> provider.get().retrying().call(later)).isInstanceOf(Failed.class);
            assertThat(later.calls()).hasValue(3);
        }
    }

    @Test
    void a_retry_waits_as_long_as_the_dependency_asked_or_is_not_made() {
        var later =
                Problem.of(Kind.UNAVAILABLE, "later", "Later.").retryAfter(LONG).asException();
        try (var provider = new TestDependency(TestPolicy.defaults().retry(3, 1))) {
            fill(provider);
            var asked = failing(later);
            assertThatThrownBy(() -> provider.get().retrying().call(asked)).isInstanceOf(Failed.class);
            assertThat(asked.calls()).hasValue(1);
            assertThat(provider.gauge("dependency.retry.budget")).isEqualTo(RetryBudget.MOST);
        }
    }

    @Test
    void a_retry_that_is_refused_brings_the_failure_before_it() {
        var policy = TestPolicy.defaults().retry(3, 1).circuit(new CircuitBreaker(0.01, 10, 1, LONG, 1));
        try (var provider = new TestDependency(policy)) {
            assertThatThrownBy(() -> provider.get().retrying().call(failing(new IOException("reset"))))
                    .isInstanceOf(Failed.class);
            assertThat(provider.isIn("open")).isTrue();
        }
    }

    @Test
    void the_time_limit_interrupts_the_call() throws Exception {
        var interrupted = new AtomicBoolean();
        try (var provider = new TestDependency(TestPolicy.defaults().timeLimit(SHORT))) {
            assertThatThrownBy(() -> provider.get().call(() -> {
                        try {
                            return NEVER_ENDS.call();
                        } catch (InterruptedException e) {
                            interrupted.set(true);
                            throw e;
                        }
                    }))
                    .isInstanceOfSatisfying(TimedOut.class, e -> {
                        assertThat(e.problem().kind()).isEqualTo(Kind.TIMEOUT);
                        assertThat(e.problem().code()).isEqualTo("time-limit");
                    });
            Await.until("the call is interrupted", interrupted::get);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void a_call_that_does_not_heed_its_interrupt_holds_its_place_and_not_its_caller() throws Exception {
        var end = new AtomicBoolean();
        var policy = TestPolicy.defaults().timeLimit(SHORT).bulkhead(1, Duration.ZERO);
        try (var provider = new TestDependency(policy)) {
            assertThatThrownBy(() -> provider.get().call(() -> {
                        while (!end.get()) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        return "";
                    }))
                    .isInstanceOf(TimedOut.class);

            assertThatThrownBy(() -> provider.get().call(() -> ""))
                    .isInstanceOfSatisfying(
                            BulkheadFull.class,
                            e -> assertThat(e.problem().code()).isEqualTo("bulkhead-full"));
            assertThat(provider.logged(Level.WARN))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("bulkhead");

            end.set(true);
            Await.until("the place is free", () -> provider.gauge("dependency.bulkhead.free") == 1);
            assertThat(provider.get().call(() -> "answer")).isEqualTo("answer");
        }
    }

    @Test
    void an_attempt_of_several_can_have_a_shorter_limit() {
        var retry = new Retry(3, Optional.of(SHORT), Duration.ofMillis(1), Duration.ofMillis(1), 1);
        try (var provider =
                new TestDependency(TestPolicy.defaults().timeLimit(LONG).retry(retry))) {
            fill(provider);
            var calls = new AtomicInteger();
            var answer =
                    provider.get().retrying().call(() -> calls.incrementAndGet() < 3 ? NEVER_ENDS.call() : "third");

            assertThat(answer).isEqualTo("third");
        }
    }

    @Test
    void a_call_sees_its_context_with_a_deadline_that_has_shrunk() throws Exception {
        try (var provider = new TestDependency(TestPolicy.defaults().timeLimit(LONG), CLOCK)) {
            var far = context(Optional.of(NOW.plus(LONG.multipliedBy(2))));
            var seen = ScopedValue.where(CallContext.CURRENT, far)
                    .call(() -> provider.get().call(CallContext.CURRENT::get));
            assertThat(seen.requestId()).isEqualTo("r-1");
            assertThat(seen.deadline().orElseThrow()).isBetween(NOW.plus(LONG).minusSeconds(60), NOW.plus(LONG));

            var near = context(Optional.of(NOW.plusSeconds(60)));
            assertThat(ScopedValue.where(CallContext.CURRENT, near)
                            .<CallContext, Exception>call(() -> provider.get().call(CallContext.CURRENT::get))
                            .deadline()
                            .orElseThrow())
                    .isBetween(NOW, NOW.plusSeconds(60));

            var none = context(Optional.empty());
            assertThat(ScopedValue.where(CallContext.CURRENT, none)
                            .<CallContext, Exception>call(() -> provider.get().call(CallContext.CURRENT::get))
                            .deadline())
                    .isPresent();
            assertThat(provider.get().call(CallContext::current)).isEmpty();
        }
    }

    @Test
    void a_callers_deadline_ends_a_call_and_is_not_held_against_the_dependency() throws Exception {
        try (var provider = new TestDependency(TestPolicy.defaults().timeLimit(LONG), CLOCK)) {
            for (var i = 0; i < 20; i++) {
                var near = context(Optional.of(NOW.plusMillis(5)));
                assertThatThrownBy(() -> ScopedValue.where(CallContext.CURRENT, near)
                                .call(() -> provider.get().call(NEVER_ENDS)))
                        .isInstanceOf(TimedOut.class);
            }
            var passed = context(Optional.of(NOW));
            var calls = new Flaky(0, new IOException());
            assertThatThrownBy(() -> ScopedValue.where(CallContext.CURRENT, passed)
                            .call(() -> provider.get().call(calls)))
                    .isInstanceOf(TimedOut.class);

            assertThat(calls.calls()).hasValue(0);
            assertThat(provider.isIn("closed")).isTrue();
        }
    }

    @Test
    void time_limits_open_the_circuit() {
        try (var provider = new TestDependency(TestPolicy.defaults().timeLimit(Duration.ofMillis(5)))) {
            for (var i = 0; i < 10; i++) {
                assertThatThrownBy(() -> provider.get().call(NEVER_ENDS)).isInstanceOf(TimedOut.class);
            }
            var refused =
                    catchThrowableOfType(CircuitOpen.class, () -> provider.get().call(() -> ""));
            assertThat(refused.problem().code()).isEqualTo("circuit-open");
            assertThat(refused.problem().retryAfter()).contains(TestPolicy.OPEN_FOR);
        }
    }

    /// Runs on a thread that is interrupted while it does; what it throws, and whether the interrupt is still set.
    private static void interruptDuring(Callable<?> work, CountDownLatch begun, Class<?> expected) throws Exception {
        var thrown = new AtomicReference<Throwable>();
        var stillSet = new AtomicBoolean();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                work.call();
            } catch (Throwable e) {
                thrown.set(e);
                stillSet.set(Thread.currentThread().isInterrupted());
            }
        });
        begun.await();
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(expected);
        assertThat(stillSet).isTrue();
    }

    @Test
    void an_interrupt_of_the_caller_ends_the_call_and_stays_set() throws Exception {
        try (var provider = new TestDependency(TestPolicy.defaults().timeLimit(LONG))) {
            var begun = new CountDownLatch(1);
            var ended = new CountDownLatch(1);
            Callable<String> work = () -> {
                begun.countDown();
                try {
                    return NEVER_ENDS.call();
                } finally {
                    ended.countDown();
                }
            };
            interruptDuring(() -> provider.get().callOr(work, failure -> "fallback"), begun, Interrupted.class);
            ended.await();
            assertThat(provider.calls("interrupted")).isEqualTo(1);
            assertThat(provider.count("dependency.fallbacks")).isZero();
        }
    }

    @Test
    void an_interrupt_ends_the_wait_for_a_turn() throws Exception {
        var policy = TestPolicy.defaults().timeLimit(LONG).bulkhead(1, LONG);
        try (var provider = new TestDependency(policy)) {
            var free = new CountDownLatch(1);
            var holder = Thread.ofVirtual()
                    .start(() -> provider.get().call(() -> {
                        free.await();
                        return "";
                    }));
            Await.until("the place is taken", () -> provider.gauge("dependency.bulkhead.free") == 0);
            var waits = new CountDownLatch(1);
            var watcher = Thread.ofVirtual().start(() -> {
                while (provider.gauge("dependency.bulkhead.waiting") == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
                waits.countDown();
            });
            interruptDuring(() -> provider.get().call(() -> ""), waits, Interrupted.class);
            free.countDown();
            holder.join();
            watcher.join();
        }
    }

    @Test
    void an_interrupt_ends_the_pause_before_a_retry() throws Exception {
        var retry = new Retry(2, Optional.empty(), LONG, LONG, 1);
        try (var provider = new TestDependency(
                TestPolicy.defaults().timeLimit(LONG.multipliedBy(3)).retry(retry))) {
            fill(provider);
            var failed = new CountDownLatch(1);
            interruptDuring(
                    () -> provider.get().retrying().call(() -> {
                        failed.countDown();
                        throw new IOException("reset");
                    }),
                    failed,
                    Interrupted.class);
        }
    }

    @Test
    void a_fallback_answers_for_a_dependency_that_brings_nothing_and_is_counted() {
        try (var provider = new TestDependency(TestPolicy.defaults())) {
            var answer = provider.get().callOr(failing(new IOException("reset")), failure -> switch (failure) {
                case Failed e -> "last known";
                case CircuitOpen e -> "circuit";
                case BulkheadFull e -> "bulkhead";
                case TimedOut e -> "time";
                case Interrupted e -> "interrupted";
            });
            assertThat(answer).isEqualTo("last known");
            assertThat(provider.count("dependency.fallbacks")).isEqualTo(1);
        }
    }

    @Test
    void a_name_is_a_slug() {
        assertThatThrownBy(() -> new Dependency(
                        "Payment Provider",
                        TestPolicy.defaults().settings(),
                        new io.micrometer.core.instrument.simple.SimpleMeterRegistry(),
                        Dependency::isFailure,
                        Time.of(CLOCK),
                        System::nanoTime,
                        () -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slug");
    }
}
