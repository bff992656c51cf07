package dev.slipway.core;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// The time of a service: what o'clock it is, how much has passed, and waiting until some has.
///
/// The parts of a service go by the one that its [Assembly] hands out, so that a test or a simulation can let time pass
/// by itself. A rule holds them to it; who goes by the machine's time all the same is named, with the reason, where that rule
/// is applied.
///
/// All spans are in nanoseconds; a wait for none or less returns at once. Thread-safe.
public interface Time {

    /// The time of this machine.
    static Time system() {
        return of(Clock.systemUTC());
    }

    /// The time of this machine, but what o'clock it is, a clock says.
    static Time of(Clock clock) {
        return new SystemTime(clock);
    }

    Clock clock();

    /// As [System#nanoTime]: for differences only, and never set back.
    long nanoTime();

    /// Whether the latch has reached zero before the time was over.
    boolean await(CountDownLatch latch, long nanos) throws InterruptedException;

    /// Whether a permit came before the time was over.
    boolean tryAcquire(Semaphore semaphore, long nanos) throws InterruptedException;

    /// As [Condition#awaitNanos]: it may also return early for no reason.
    ///
    /// @return what is left of the time; nothing is if it is not positive
    long awaitNanos(Condition condition, long nanos) throws InterruptedException;

    /// As [Object#wait(long)], for whoever holds the monitor: it may also return early for no reason.
    void waitOn(Object monitor, long nanos) throws InterruptedException;

    /// The result of a future that has one before the time is over.
    <T extends @Nullable Object> T get(Future<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException;

    /// @param clock what o'clock it is
    record SystemTime(Clock clock) implements Time {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean await(CountDownLatch latch, long nanos) throws InterruptedException {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean tryAcquire(Semaphore semaphore, long nanos) throws InterruptedException {
            return semaphore.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the caller has the loop
        public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
            return condition.awaitNanos(nanos);
        }

        @Override
        public void waitOn(Object monitor, long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
        }

        @Override
        public <T extends @Nullable Object> T get(Future<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
