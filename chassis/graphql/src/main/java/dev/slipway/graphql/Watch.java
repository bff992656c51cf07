package dev.slipway.graphql;

import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Looks after what is open: ends work that is late, and lets the subscribers' connections beat. One thread for all.
final class Watch {
    private static final Duration TICK = Duration.ofMillis(100);

    /// A connection that is looked after.
    interface Beating {
        /// Called now and then, perhaps while it is still busy with the last time; must not block.
        void beat();

        /// Called much more often; must not block.
        void tick();

        /// Called once, when the service stops.
        void leave();
    }

    private final Set<Execution> executions = ConcurrentHashMap.newKeySet();
    private final Set<Beating> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long keepAlive;
    private final Time time;

    Watch(Duration keepAlive, Time time) {
        this.keepAlive = keepAlive.toNanos();
        this.time = time;
    }

    void start() {
        Thread.ofVirtual().name("graphql-watch").start(this::run);
    }

    private void run() {
        var next = time.nanoTime() + keepAlive;
        try {
            while (!time.await(closed, TICK.toNanos())) {
                for (var execution : executions) {
                    if (execution.isLate()) {
                        execution.end(Failures.LATE);
                    }
                }
                connections.forEach(Beating::tick);
                if (time.nanoTime() - next >= 0) {
                    next = time.nanoTime() + keepAlive;
                    beat();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void beat() {
        connections.forEach(Beating::beat);
    }

    void close() {
        closed.countDown();
    }

    void begin(Execution execution) {
        executions.add(execution);
    }

    void end(Execution execution) {
        executions.remove(execution);
        execution.finish();
    }

    void opened(Beating connection) {
        connections.add(connection);
    }

    /// @return whether it was open until now
    boolean closed(Beating connection) {
        return connections.remove(connection);
    }

    /// Lets all connections leave, each by a thread of its own, since their clients may read slowly.
    void leave() {
        connections.forEach(
                connection -> Thread.ofVirtual().name("graphql-leave").start(connection::leave));
    }

    int open() {
        return connections.size();
    }
}
