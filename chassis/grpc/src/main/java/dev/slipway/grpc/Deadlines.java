package dev.slipway.grpc;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// When things are due: on the timer that the JDK keeps for all, so that no server has one of its own.
final class Deadlines {
    private Deadlines() {}

    /// @param task short and never blocking
    static Future<?> after(Duration delay, Runnable task) {
        return timer().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    static ScheduledExecutorService timer() {
        return ForkJoinPool.commonPool();
    }
}
