package dev.slipway.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What is measured of one dependency. All series exist from the start, so that a first failure is seen as a rise.
final class DependencyMetrics {

    /// How a call ended, with all its attempts.
    enum Result {
        OK,
        /// The dependency answered, with what is no failure of its own.
        REFUSED,
        FAILED,
        TIME_LIMIT,
        CIRCUIT_OPEN,
        BULKHEAD_FULL,
        INTERRUPTED;

        static Result of(DependencyException failure) {
            return switch (failure) {
                case DependencyException.CircuitOpen e -> CIRCUIT_OPEN;
                case DependencyException.BulkheadFull e -> BULKHEAD_FULL;
                case DependencyException.TimedOut e -> TIME_LIMIT;
                case DependencyException.Failed e -> FAILED;
                case DependencyException.Interrupted e -> INTERRUPTED;
            };
        }
    }

    private static final List<CircuitBreaker.State> STATES =
            List.of(CircuitBreaker.State.CLOSED, CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN);

    private final Map<Result, Timer> calls = new EnumMap<>(Result.class);
    private final Map<CircuitBreaker.State, Counter> transitions = new EnumMap<>(CircuitBreaker.State.class);
    private final Counter retries;
    private final Counter retriesRefused;
    private final Counter fallbacks;

    DependencyMetrics(String name, MeterRegistry meters, CircuitBreaker circuit, Semaphore slots, RetryBudget budget) {
        var tags = Tags.of("dependency", name);
        for (var outcome : Result.values()) {
            calls.put(
                    outcome,
                    Timer.builder("dependency.calls")
                            .description("Calls with all their attempts")
                            .tags(tags.and("outcome", written(outcome)))
                            .register(meters));
        }
        for (var state : STATES) {
            transitions.put(
                    state,
                    Counter.builder("dependency.circuit.transitions")
                            .description("How often the circuit came into a state")
                            .tags(tags.and("state", written(state)))
                            .register(meters));
            Gauge.builder("dependency.circuit.state", circuit, it -> it.getState() == state ? 1 : 0)
                    .description("1 for the state that the circuit is in")
                    .tags(tags.and("state", written(state)))
                    .register(meters);
        }
        retries = Counter.builder("dependency.retries")
                .description("Attempts after the first")
                .tags(tags)
                .register(meters);
        retriesRefused = Counter.builder("dependency.retries.refused")
                .description("Retries that the budget did not pay for")
                .tags(tags)
                .register(meters);
        fallbacks = Counter.builder("dependency.fallbacks")
                .description("Calls that were answered by their fallback")
                .tags(tags)
                .register(meters);
        Gauge.builder("dependency.retry.budget", budget, RetryBudget::balance)
                .description("Retries that the budget would pay for now")
                .tags(tags)
                .register(meters);
        Gauge.builder("dependency.bulkhead.free", slots, Semaphore::availablePermits)
                .description("Attempts that could begin at once")
                .tags(tags)
                .register(meters);
        Gauge.builder("dependency.bulkhead.waiting", slots, Semaphore::getQueueLength)
                .description("Attempts that wait for their turn")
                .tags(tags)
                .register(meters);
    }

    void called(Result outcome, long nanos) {
        var timer = calls.get(outcome);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void retried() {
        retries.increment();
    }

    void retryRefused() {
        retriesRefused.increment();
    }

    void fellBack() {
        fallbacks.increment();
    }

    void changed(CircuitBreaker.State state) {
        var counter = transitions.get(state);
        if (counter != null) {
            counter.increment();
        }
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
