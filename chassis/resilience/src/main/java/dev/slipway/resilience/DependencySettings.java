package dev.slipway.resilience;

import dev.slipway.core.Checks;
import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.Optional;

/// The policy of calls to one dependency: a section of a service's settings, by custom called after the dependency.
///
/// @param timeLimit what a caller waits at the most: for its turn, for all attempts and for the pauses between them
public record DependencySettings(
        @Setting(about = "Longest time of a call with all its attempts", byDefault = "2s", least = "1ms")
        Duration timeLimit,

        Retry retry,
        CircuitBreaker circuitBreaker,
        Bulkhead bulkhead) {

    /// How calls that may be repeated are repeated.
    ///
    /// The pause before attempt n + 1 is random between 0 and `first-pause` × 2^(n - 1), at the most `longest-pause`
    /// ([full jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)).
    ///
    /// @param attempts 1 for no retries
    /// @param attemptTimeLimit ends an attempt while there is time for another; without it, an attempt may take it all
    /// @param budget how many retries there may be per first attempt, over all calls to the dependency
    public record Retry(
            @Setting(about = "Most attempts of a call that may be repeated", byDefault = "3", least = "1", most = "10")
            int attempts,

            @Setting(about = "Longest time of one attempt of several", least = "1ms")
            Optional<Duration> attemptTimeLimit,

            @Setting(
                    about = "Longest pause before the second attempt; doubles with each",
                    byDefault = "50ms",
                    least = "1ms")
            Duration firstPause,

            @Setting(about = "Longest pause between attempts", byDefault = "1s", least = "1ms")
            Duration longestPause,

            @Setting(about = "Retries per call, over all calls", byDefault = "0.2", least = "0", most = "1")
            double budget) {}

    /// When calls are refused instead of made, because of how the last ones went.
    ///
    /// @param window how many of the last attempts are looked at
    /// @param leastCalls before so many attempts nothing is concluded
    /// @param trialCalls how many attempts decide, after `open-for`, whether the dependency is well again
    public record CircuitBreaker(
            @Setting(
                    about = "Share of failed attempts that opens the circuit",
                    byDefault = "0.5",
                    least = "0.01",
                    most = "1")
            double failureRate,

            @Setting(about = "How many of the last attempts count", byDefault = "50", least = "1", most = "10_000")
            int window,

            @Setting(about = "Attempts before the circuit can open", byDefault = "10", least = "1")
            int leastCalls,

            @Setting(about = "How long the circuit stays open before it is tried", byDefault = "5s", least = "1ms")
            Duration openFor,

            @Setting(
                    about = "Attempts that try whether the dependency is back",
                    byDefault = "3",
                    least = "1",
                    most = "1_000")
            int trialCalls) {

        public CircuitBreaker {
            Checks.atMost("least-calls", leastCalls, "window", window);
        }
    }

    /// How many attempts run at once, and how long one more waits for its turn.
    public record Bulkhead(
            @Setting(about = "Most attempts at once", byDefault = "50", least = "1", most = "100_000")
            int concurrency,

            @Setting(about = "How long an attempt waits for its turn", byDefault = "100ms")
            Duration longestWait) {}
}
