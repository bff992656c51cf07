package dev.slipway.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.slipway.core.Health;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pool and the fair queue before it.
///
/// HikariCP prefers the thread that held a connection last; under load the others starve. So callers wait for their turn
/// here, and inside there is always a connection, unless the database is away. Then one caller at a time tries
/// whether it is back, and the others are refused at once instead of waiting for what cannot come.
final class ConnectionGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);
    private static final Duration PATIENCE_OF_A_CHECK = Duration.ofMillis(500);
    private static final Duration A_SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final Semaphore turns;
    private final int size;
    private final Duration acquireTimeout;
    private final Timer waited;
    private final Counter refused;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean away;
    private volatile long lastReturn = System.nanoTime();

    ConnectionGate(Server server, MeterRegistry meters) {
        var settings = server.settings();
        size = settings.poolSize();
        turns = new Semaphore(size, true);
        acquireTimeout = settings.acquireTimeout();
        var config = new HikariConfig();
        config.setPoolName(server.application());
        config.setDataSource(server.forWork());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(settings.idleSize());
        config.setConnectionTimeout(settings.connectTimeout().toMillis());
        config.setValidationTimeout(settings.connectTimeout().toMillis());
        config.setMaxLifetime(settings.maxLifetime().toMillis());
        config.setLeakDetectionThreshold(settings.leakDetection().toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        pool = new HikariDataSource(config);
        Gauge.builder("postgres.gate.waiting", turns, Semaphore::getQueueLength)
                .description("Calls that wait for a connection")
                .tag("pool", server.application())
                .register(meters);
        waited = Timer.builder("postgres.gate.wait")
                .description("How long the calls waited that did not get a connection at once")
                .tag("pool", server.application())
                .register(meters);
        refused = Counter.builder("postgres.gate.refused")
                .description("Calls that were refused because no connection became free in time")
                .tag("pool", server.application())
                .register(meters);
    }

    Connection take() {
        enter();
        try {
            return connect();
        } catch (Throwable e) {
            turns.release();
            throw e;
        }
    }

    void give(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection was broken when it came back", e);
        } finally {
            lastReturn = System.nanoTime();
            turns.release();
        }
    }

    int inUse() {
        return size - turns.availablePermits();
    }

    Health check() {
        if (!tryEnter(PATIENCE_OF_A_CHECK)) {
            var silence = Duration.ofNanos(System.nanoTime() - lastReturn);
            var detail = "all %d connections are in use, %d calls wait".formatted(size, turns.getQueueLength());
            return silence.compareTo(A_SIGN_OF_LIFE) < 0 ? new Health.Up(detail) : new Health.Down(detail);
        }
        try (var connection = connect()) {
            return connection.isValid(1)
                    ? new Health.Up("%d of %d connections in use".formatted(inUse() - 1, size))
                    : new Health.Down("the server does not answer");
        } catch (DatabaseException | SQLException e) {
            return new Health.Down("no connection to the server");
        } finally {
            turns.release();
        }
    }

    /// Waits until no connection is in use.
    void awaitIdle(Duration limit) throws InterruptedException {
        if (turns.tryAcquire(size, limit.toNanos(), TimeUnit.NANOSECONDS)) {
            turns.release(size);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private void enter() {
        if (tryEnter(Duration.ZERO)) {
            return;
        }
        var begin = System.nanoTime();
        if (!tryEnter(acquireTimeout)) {
            refused.increment();
            throw new DatabaseException.Busy();
        }
        waited.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    private boolean tryEnter(Duration limit) {
        try {
            return turns.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException.Unavailable(e);
        }
    }

    private Connection connect() {
        var probe = away;
        if (probe && !probing.compareAndSet(false, true)) {
            throw new DatabaseException.Unavailable(null);
        }
        try {
            var connection = pool.getConnection();
            if (away) {
                away = false;
            }
            return connection;
        } catch (SQLException e) {
            away = !Thread.currentThread().isInterrupted();
            throw new DatabaseException.Unavailable(e);
        } finally {
            if (probe) {
                probing.set(false);
            }
        }
    }
}
