package dev.slipway.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.slipway.core.Health;
import dev.slipway.core.Time;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pool and the fair queue before it.
///
/// HikariCP prefers the thread that held a connection last; under load the others starve. So callers wait for their turn
/// here, and inside there is always a connection, unless the database is away. Then one caller at a time tries
/// whether it is back, and the others are refused at once instead of waiting for what cannot come.
final class ConnectionGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);
    private static final Duration A_SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final Time time;
    private final HikariDataSource pool;
    private final FairSemaphore permits;
    private final Optional<Watchdog> watchdog;
    private final int size;
    private final Timer waited;
    private final Counter refused;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean away;
    /// When a connection was taken or given back.
    private volatile long lastMove;

    ConnectionGate(Server server, MeterRegistry meters, Time time) {
        this.time = time;
        this.lastMove = time.nanoTime();
        var settings = server.settings();
        size = settings.poolSize();
        permits = new FairSemaphore(server.application(), size, settings.acquireTimeout(), time);
        watchdog = server.patience().map(limit -> new Watchdog(server.application(), limit, time));
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
        Gauge.builder("postgres.gate.waiting", permits, FairSemaphore::waiting)
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

    UnitOfWork take(Function<String, NamedSql> parser) {
        enter();
        try {
            var unit = new UnitOfWork(connect(), parser, time);
            watchdog.ifPresent(it -> it.watch(unit));
            lastMove = time.nanoTime();
            return unit;
        } catch (Throwable e) {
            permits.release();
            throw e;
        }
    }

    void give(UnitOfWork unit) {
        watchdog.ifPresent(it -> it.leave(unit));
        try {
            if (unit.takesNoWrites()) {
                pool.evictConnection(unit.connection());
            }
            unit.close();
        } catch (SQLException e) {
            LOG.debug("a connection was broken when it came back", e);
        } finally {
            lastMove = time.nanoTime();
            permits.release();
        }
    }

    int inUse() {
        return size - permits.free();
    }

    Health check() {
        if (!permits.tryAcquire()) {
            var silence = Duration.ofNanos(time.nanoTime() - lastMove);
            var detail = "all %s connections are in use, %s calls wait".formatted(size, permits.waiting());
            return silence.compareTo(A_SIGN_OF_LIFE) < 0 ? new Health.Up(detail) : new Health.Down(detail);
        }
        try (var connection = connect()) {
            if (!connection.isValid(1)) {
                return new Health.Down("the server does not answer");
            }
            if (!takesWrites(connection)) {
                pool.evictConnection(connection);
                return new Health.Down("the server only reads");
            }
            return new Health.Up("%s of %s connections in use".formatted(inUse() - 1, size));
        } catch (DatabaseException | SQLException e) {
            return new Health.Down("no connection to the server");
        } finally {
            permits.release();
        }
    }

    /// Not a standby, which this one may have become in a failover.
    private static boolean takesWrites(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("show transaction_read_only")) {
            return rows.next() && rows.getString(1).equals("off");
        }
    }

    /// Waits until no connection is in use.
    void awaitIdle(Duration limit) throws InterruptedException {
        permits.awaitAllFree(limit);
    }

    @Override
    public void close() {
        permits.close();
        pool.close();
        watchdog.ifPresent(Watchdog::close);
    }

    private void enter() {
        if (!Thread.currentThread().isInterrupted() && permits.tryAcquire()) {
            return;
        }
        var begin = time.nanoTime();
        try {
            if (!permits.acquire()) {
                refused.increment();
                throw new DatabaseException.Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException.Unavailable(e);
        }
        waited.record(time.nanoTime() - begin, TimeUnit.NANOSECONDS);
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
            // A caller who was interrupted has learnt nothing of the server.
            if (!Thread.currentThread().isInterrupted()) {
                away = true;
            }
            throw new DatabaseException.Unavailable(e);
        } finally {
            if (probe) {
                probing.set(false);
            }
        }
    }
}
