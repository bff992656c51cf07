package dev.slipway.postgres;

import dev.slipway.core.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts the connections of units of work to which the server owes an answer for too long. Thread-safe.
///
/// The server ends its statements itself; this is for a server or a network that has fallen silent. A read time-out of
/// the socket would be a timer for each answer, which costs a virtual thread more than reading it.
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int ROUNDS_PER_LIMIT = 10;

    private final Set<UnitOfWork> units = ConcurrentHashMap.newKeySet();
    private final Duration limit;
    private final Time time;
    private final CountDownLatch closing = new CountDownLatch(1);

    Watchdog(String name, Duration limit, Time time) {
        this.limit = limit;
        this.time = time;
        Thread.ofVirtual().name("watchdog of " + name).start(this::watch);
    }

    void watch(UnitOfWork unit) {
        units.add(unit);
    }

    void leave(UnitOfWork unit) {
        units.remove(unit);
    }

    @Override
    public void close() {
        closing.countDown();
    }

    private void watch() {
        // In nanoseconds: arithmetic of durations loads big numbers, which is noticed at the start.
        var round = limit.toNanos() / ROUNDS_PER_LIMIT;
        try {
            while (!time.await(closing, round)) {
                units.stream().filter(unit -> unit.waitsLongerThan(limit)).forEach(Watchdog::cut);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody knows this thread", e);
        }
    }

    private static void cut(UnitOfWork unit) {
        try {
            LOG.warn("the server does not answer, its connection is cut");
            unit.abort();
        } catch (SQLException e) {
            LOG.debug("the connection was broken already", e);
        }
    }
}
