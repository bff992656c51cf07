package dev.slipway.postgres;

import dev.slipway.core.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A fair semaphore whose waiters share one clock. Thread-safe.
///
/// A timer for each waiting call would cost more than the call: a virtual thread that parks for a limited time goes
/// through the timer queue of the scheduler. Here who comes first is also late first, so one thread looks at the head
/// of the queue when its time is up.
final class FairSemaphore implements AutoCloseable {
    private final Time time;
    private final int size;
    private final long patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allFree = lock.newCondition();
    private final Deque<Waiter> queue = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private int free;
    private boolean closed;

    private final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final long since = time.nanoTime();
        private volatile State state = State.WAITING;

        void settle(State end) {
            state = end;
            LockSupport.unpark(thread);
        }
    }

    private enum State {
        WAITING,
        GRANTED,
        REFUSED
    }

    /// @param patience how long a call waits
    FairSemaphore(String name, int size, Duration patience, Time time) {
        this.time = time;
        this.size = size;
        this.free = size;
        this.patience = patience.toNanos();
        Thread.ofVirtual().name("waiters of " + name).start(this::refuseTheLate);
    }

    /// Takes a permit if one is free and nobody waits for it.
    boolean tryAcquire() {
        lock.lock();
        try {
            if (free == 0) {
                return false;
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes a permit, and waits for it if need be.
    ///
    /// @return whether it came in time
    boolean acquire() throws InterruptedException {
        Waiter self;
        lock.lockInterruptibly();
        try {
            if (free > 0) {
                free--;
                return true;
            }
            if (closed) {
                return false;
            }
            self = new Waiter();
            queue.add(self);
        } finally {
            lock.unlock();
        }
        while (self.state == State.WAITING) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                leave(self);
            }
        }
        return self.state == State.GRANTED;
    }

    /// A permit that came at the same moment goes to the next.
    private void leave(Waiter self) throws InterruptedException {
        lock.lock();
        try {
            queue.remove(self);
            if (self.state == State.GRANTED) {
                release();
            }
        } finally {
            lock.unlock();
        }
        throw new InterruptedException();
    }

    /// Permits are free only while nobody waits.
    void release() {
        lock.lock();
        try {
            var next = queue.poll();
            if (next != null) {
                next.settle(State.GRANTED);
            } else if (++free == size) {
                allFree.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int free() {
        lock.lock();
        try {
            return free;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no permit is taken.
    void awaitAllFree(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            var rest = limit.toNanos();
            while (free < size && rest > 0) {
                rest = time.awaitNanos(allFree, rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Refuses those who wait, and who would have to.
    @Override
    public void close() {
        closing.countDown();
        lock.lock();
        try {
            closed = true;
            queue.forEach(waiter -> waiter.settle(State.REFUSED));
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Who comes while this waits is not late before it goes on.
    private void refuseTheLate() {
        try {
            while (!time.await(closing, untilNextIsLate())) {}
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody knows this thread", e);
        }
    }

    private long untilNextIsLate() {
        lock.lock();
        try {
            for (var first = queue.peek(); first != null; first = queue.peek()) {
                var rest = first.since + patience - time.nanoTime();
                if (rest > 0) {
                    return rest;
                }
                queue.remove();
                first.settle(State.REFUSED);
            }
            return patience;
        } finally {
            lock.unlock();
        }
    }
}
