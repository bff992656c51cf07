package dev.slipway.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/// Waits longer each time, up to a bound, with jitter; ends at once when the service stops. Used by one thread.
public final class Backoff {
    private final Time time;
    private final RandomGenerator random;
    private final CountDownLatch closed;
    private final long most;
    private long next;

    /// @param random for the jitter
    /// @param closed reaches zero when the service stops
    /// @param first the first wait is between half of it and the whole; the next are twice as long each
    /// @param most no wait is longer
    public Backoff(Time time, RandomGenerator random, CountDownLatch closed, Duration first, Duration most) {
        this.time = time;
        this.random = random;
        this.closed = closed;
        this.most = most.toNanos();
        this.next = Math.min(first.toNanos(), this.most);
    }

    /// @throws InterruptedException if the thread is interrupted or the service stops
    public void await() throws InterruptedException {
        var wait = next / 2 + random.nextLong(next / 2 + 1);
        next = Math.min(most, next * 2);
        if (time.await(closed, wait)) {
            throw new InterruptedException("the service stops");
        }
    }
}
