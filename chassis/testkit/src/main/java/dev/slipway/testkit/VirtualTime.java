package dev.slipway.testkit;

import dev.slipway.core.Time;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A time that stands still until a test lets some pass: whoever waits for that long goes on then, and not before.
/// Thread-safe.
///
/// A wait that is over is ended by an interrupt, which the one who waits never sees.
public final class VirtualTime implements Time {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MovableClock clock = MovableClock.atNoon();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Wait> waits = new HashSet<>();
    private volatile long now = 1;

    private static final class Wait {
        private final Thread thread = Thread.currentThread();
        private final long due;
        private volatile boolean over;

        Wait(long due) {
            this.due = due;
        }
    }

    private interface Blocking {
        void run() throws InterruptedException;
    }

    /// Lets time pass, for the clock too. Who waits again meanwhile does so from the end of it.
    public void pass(Duration time) {
        lock.lock();
        try {
            var then = now + time.toNanos();
            now = then;
            clock.pass(time);
            for (var wait : waits) {
                if (wait.due - then <= 0 && !wait.over) {
                    wait.over = true;
                    wait.thread.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sets the clock ahead, or back if negative, while no time passes.
    public void setClock(Duration by) {
        clock.pass(by);
    }

    /// Waits, in real time, until so many threads wait in this one.
    ///
    /// @throws AssertionError if they do not within ten seconds
    public void awaitWaiting(int threads) throws InterruptedException {
        lock.lock();
        try {
            var patience = PATIENCE.toNanos();
            while (waiting() < threads) {
                if (patience <= 0) {
                    throw new AssertionError(waiting() + " threads wait, and not " + threads);
                }
                patience = changed.awaitNanos(patience);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How long until the first of those who wait goes on.
    ///
    /// @throws java.util.NoSuchElementException if nobody waits
    public Duration nextDue() {
        lock.lock();
        try {
            return Duration.ofNanos(waits.stream()
                    .filter(wait -> !wait.over)
                    .mapToLong(wait -> wait.due - now)
                    .min()
                    .orElseThrow());
        } finally {
            lock.unlock();
        }
    }

    private long waiting() {
        return waits.stream().filter(wait -> !wait.over).count();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public boolean await(CountDownLatch latch, long nanos) throws InterruptedException {
        return nanos <= 0 ? latch.await(0, TimeUnit.NANOSECONDS) : within(nanos, latch::await);
    }

    @Override
    public boolean tryAcquire(Semaphore semaphore, long nanos) throws InterruptedException {
        return nanos <= 0 ? semaphore.tryAcquire(0, TimeUnit.NANOSECONDS) : within(nanos, semaphore::acquire);
    }

    @Override
    public long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        var end = now + nanos;
        if (nanos > 0) {
            within(nanos, condition::await);
        }
        return end - now;
    }

    @Override
    public void waitOn(Object monitor, long nanos) throws InterruptedException {
        if (nanos > 0) {
            within(nanos, monitor::wait);
        }
    }

    @Override
    public <T extends @Nullable Object> T get(Future<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (nanos > 0) {
            within(nanos, () -> ended(future));
        }
        return future.get(0, TimeUnit.NANOSECONDS);
    }

    private static void ended(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            // Who asks for the result is told.
        }
    }

    /// Whether the end came before the time was over.
    private boolean within(long nanos, Blocking blocking) throws InterruptedException {
        var wait = begin(nanos);
        try {
            blocking.run();
            return true;
        } catch (InterruptedException e) {
            if (!wait.over) {
                throw e;
            }
            return false;
        } finally {
            end(wait);
        }
    }

    private Wait begin(long nanos) {
        lock.lock();
        try {
            var wait = new Wait(now + nanos);
            waits.add(wait);
            changed.signalAll();
            return wait;
        } finally {
            lock.unlock();
        }
    }

    private void end(Wait wait) {
        lock.lock();
        try {
            waits.remove(wait);
            if (wait.over) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }
}
