package dev.slipway.testkit;

import dev.slipway.core.RunningService;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waits for a condition, with a deadline: what a test does instead of sleeping.
public final class Await {
    private static final Duration DEFAULT = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 2_000_000;

    private Await() {}

    /// Waits until the service is ready.
    ///
    /// @throws AssertionError if the thread is interrupted
    public static void ready(RunningService service) {
        try {
            service.awaitReady();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: the service is ready", e);
        }
    }

    /// Waits for thirty seconds at most.
    public static void until(String what, Callable<Boolean> condition) {
        until(what, DEFAULT, condition);
    }

    /// Waits until the condition holds; one that throws does not hold yet.
    ///
    /// @param what is awaited, for the message of the failure
    /// @throws AssertionError if it does not hold in time, or the thread is interrupted; the last exception is its cause
    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        var end = System.nanoTime() + limit.toNanos();
        @Nullable Throwable last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + what, last);
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what, last);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
