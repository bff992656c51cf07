package dev.slipway.resilience;

import dev.slipway.core.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a call must have ended.
///
/// @param end by [Time#nanoTime]
/// @param ofCaller whether the caller's deadline set it, and not the policy: then passing it says nothing about the dependency
record TimeLimit(Time time, long end, boolean ofCaller) {

    static TimeLimit of(Duration own, Optional<Instant> deadline, Time time) {
        var now = time.nanoTime();
        return deadline.map(end -> Duration.between(time.clock().instant(), end))
                .filter(left -> left.compareTo(own) < 0)
                .map(left -> new TimeLimit(time, now + left.toNanos(), true))
                .orElseGet(() -> new TimeLimit(time, now + own.toNanos(), false));
    }

    TimeLimit atMost(Duration limit) {
        return limit.toNanos() < left() ? new TimeLimit(time, time.nanoTime() + limit.toNanos(), false) : this;
    }

    /// Nanoseconds; none are left if it is not positive.
    long left() {
        return end - time.nanoTime();
    }
}
