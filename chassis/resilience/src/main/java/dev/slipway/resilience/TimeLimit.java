package dev.slipway.resilience;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a call must have ended.
///
/// @param end of [System#nanoTime]
/// @param ofCaller whether the caller's deadline set it, and not the policy: then passing it says nothing about the dependency
record TimeLimit(long end, boolean ofCaller) {

    static TimeLimit of(Duration own, Optional<Instant> deadline, Clock clock) {
        var now = System.nanoTime();
        return deadline.map(end -> Duration.between(clock.instant(), end))
                .filter(left -> left.compareTo(own) < 0)
                .map(left -> new TimeLimit(now + left.toNanos(), true))
                .orElseGet(() -> new TimeLimit(now + own.toNanos(), false));
    }

    TimeLimit atMost(Duration limit) {
        return limit.toNanos() < left() ? new TimeLimit(System.nanoTime() + limit.toNanos(), false) : this;
    }

    /// Nanoseconds; none are left if it is not positive.
    long left() {
        return end - System.nanoTime();
    }
}
