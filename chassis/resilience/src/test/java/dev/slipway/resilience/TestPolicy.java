package dev.slipway.resilience;

import dev.slipway.resilience.DependencySettings.Bulkhead;
import dev.slipway.resilience.DependencySettings.CircuitBreaker;
import dev.slipway.resilience.DependencySettings.Retry;
import java.time.Duration;
import java.util.Optional;

/// The default policy, for tests to vary.
record TestPolicy(Duration timeLimit, Retry retry, CircuitBreaker circuitBreaker, Bulkhead bulkhead) {
    static final Duration OPEN_FOR = Duration.ofSeconds(5);

    static TestPolicy defaults() {
        return new TestPolicy(
                Duration.ofSeconds(2),
                new Retry(3, Optional.empty(), Duration.ofMillis(50), Duration.ofSeconds(1), 0.2),
                new CircuitBreaker(0.5, 50, 10, OPEN_FOR, 3),
                new Bulkhead(50, Duration.ofMillis(100)));
    }

    TestPolicy timeLimit(Duration limit) {
        return new TestPolicy(limit, retry, circuitBreaker, bulkhead);
    }

    /// Retries that wait for next to nothing.
    TestPolicy retry(int attempts, double budget) {
        return retry(new Retry(attempts, Optional.empty(), Duration.ofMillis(1), Duration.ofMillis(1), budget));
    }

    TestPolicy retry(Retry changed) {
        return new TestPolicy(timeLimit, changed, circuitBreaker, bulkhead);
    }

    TestPolicy circuitNeverOpens() {
        return circuit(new CircuitBreaker(1, 10_000, 10_000, OPEN_FOR, 1));
    }

    TestPolicy circuit(CircuitBreaker changed) {
        return new TestPolicy(timeLimit, retry, changed, bulkhead);
    }

    TestPolicy bulkhead(int concurrency, Duration longestWait) {
        return new TestPolicy(timeLimit, retry, circuitBreaker, new Bulkhead(concurrency, longestWait));
    }

    DependencySettings settings() {
        return new DependencySettings(timeLimit, retry, circuitBreaker, bulkhead);
    }
}
