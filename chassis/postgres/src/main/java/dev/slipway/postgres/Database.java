package dev.slipway.postgres;

import dev.slipway.core.Assembly;
import dev.slipway.core.Backoff;
import dev.slipway.core.Component;
import dev.slipway.core.Health;
import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.Secret;
import dev.slipway.core.Time;
import dev.slipway.core.Transactions;
import dev.slipway.core.Use;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL database of a service: units of work on a fair pool. Thread-safe.
///
/// All work of a thread inside one unit of work uses one connection, so that no call ever waits for a second one. Keep
/// remote calls out of units of work: the connection is held meanwhile.
public final class Database implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// SQL texts are constants, and few; texts beyond this number are parsed each time.
    private static final int PARSED_TEXTS = 2_000;

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(30);
    private static final Duration FIRST_REPEAT = Duration.ofMillis(5);
    private static final Duration LAST_REPEAT = Duration.ofMillis(200);

    private final String name;
    private final PostgresSettings settings;
    private final Optional<LocalInfrastructure> infrastructure;
    private final MeterRegistry meters;
    private final Time time;
    private final RandomGenerator random;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Migrations migrations;
    private final Map<String, NamedSql> parsed = new ConcurrentHashMap<>();
    private final ScopedValue<UnitOfWork> current = ScopedValue.newInstance();
    private volatile @Nullable Server server;
    private volatile @Nullable ConnectionGate gate;

    private Database(Assembly service, PostgresSettings settings, MeterRegistry meters) {
        this.name = service.name();
        this.settings = settings;
        this.infrastructure = service.localInfrastructure();
        this.meters = meters;
        this.time = service.time();
        this.random = service.random();
        this.migrations = new Migrations(() -> server().forMigrations(), closed, time, random);
    }

    /// Adds the database to a service: at the start it waits for the server and migrates; then its health and its pool
    /// are watched.
    ///
    /// @param definition the class beside whose package the migrations lie, in the resource folder `db`
    public static Database open(
            Assembly service, PostgresSettings settings, MeterRegistry meters, Class<?> definition) {
        if (settings.url().isEmpty() && service.localInfrastructure().isEmpty()) {
            service.refuse("postgres.url is not set, and there is no local infrastructure to take its place;"
                    + " set it to jdbc:postgresql://host:port/name");
        }
        var database = new Database(service, settings, meters);
        database.migrations.addService(definition).forEach(service::refuse);
        service.uses(Use.Kind.STORE, service.name(), "postgresql");
        service.component("postgres", database.new Life());
        service.health("postgres", database::check);
        return database;
    }

    /// Adds tables that a part of the chassis brings along.
    ///
    /// @param part a name for its versions in the history
    /// @param folder the resource folder of its migrations, beside the class
    public void tables(Assembly service, String part, Class<?> beside, String folder) {
        migrations.add(part, beside, folder).forEach(service::refuse);
    }

    public Migrations migrations() {
        return migrations;
    }

    /// Reads without a transaction: each query sees what was committed before it, and a single query costs a single
    /// round trip. In a running unit of work it sees what that one does.
    public <T extends @Nullable Object> T read(Function<Queries, T> work) {
        return within(unit -> unit.read(work));
    }

    /// Reads in a read-only transaction, for example to see one state of the data in several queries.
    public <T extends @Nullable Object> T read(Transaction options, Function<Queries, T> work) {
        return transact(options, true, done -> true, work::apply);
    }

    /// Reads and writes in a transaction, which is committed when the block returns and rolled back when it throws.
    ///
    /// A block inside another one's joins its transaction; if it throws there, the outer one cannot be committed any
    /// more, even if its exception is caught.
    public <T extends @Nullable Object> T write(Function<Sql, T> work) {
        return write(Transaction.required(), work);
    }

    /// Reads and writes as the options say.
    ///
    /// @throws IllegalStateException if the options do not fit the transaction that runs
    public <T extends @Nullable Object> T write(Transaction options, Function<Sql, T> work) {
        return transact(options, false, done -> true, work);
    }

    @Override
    public <T, X extends Exception> T run(Mode mode, Predicate<? super T> commits, Work<T, X> work) throws X {
        var options = new Transaction(Propagation.NESTED, mode.isolation(), mode.attempts());
        return transact(options, false, commits, sql -> unchecked(work));
    }

    /// What the work throws comes out of the transaction as it is.
    private static <T> T unchecked(Work<T, ?> work) {
        try {
            return work.run();
        } catch (Exception e) {
            throw Database.<RuntimeException>thrown(e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // only the compiler asks which exceptions are checked
    private static <X extends Exception> X thrown(Exception e) throws X {
        throw (X) e;
    }

    /// Lets a change be the last of the transaction that runs; see [UnitOfWork#runLast].
    void last(Function<Sql, Update> change) {
        if (!current.isBound()) {
            throw new IllegalStateException("there is no transaction, and this change must be in one");
        }
        current.get().transact(Transaction.mandatory(), false, sql -> {
            current.get().runLast(change.apply(sql));
            return true;
        });
    }

    boolean isInTransaction() {
        return current.isBound() && current.get().isInTransaction();
    }

    private <T extends @Nullable Object> T transact(
            Transaction options, boolean readOnly, Predicate<? super T> commits, Function<Sql, T> work) {
        var attempts = isInTransaction() ? 1 : options.attempts();
        var backoff = new Backoff(time, random, closed, FIRST_REPEAT, LAST_REPEAT);
        for (var attempt = 1; ; attempt++) {
            try {
                return within(unit -> unit.transact(options, readOnly, commits, work));
            } catch (DatabaseException.Contention e) {
                if (attempt == attempts) {
                    throw e;
                }
                LOG.debug("attempt {} of {} lost against another transaction", attempt, attempts, e);
                pause(backoff);
            }
        }
    }

    private static void pause(Backoff backoff) {
        try {
            backoff.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException.Unavailable(e);
        }
    }

    private <T extends @Nullable Object> T within(Function<UnitOfWork, T> work) {
        if (current.isBound()) {
            return work.apply(current.get());
        }
        var connections = gate;
        if (connections == null) {
            throw new DatabaseException.Unavailable(null);
        }
        var unit = connections.take(this::parse);
        try {
            return ScopedValue.where(current, unit).call(() -> work.apply(unit));
        } finally {
            connections.give(unit);
        }
    }

    private NamedSql parse(String text) {
        var known = parsed.get(text);
        if (known != null) {
            return known;
        }
        var sql = NamedSql.parse(text);
        if (parsed.size() < PARSED_TEXTS) {
            parsed.put(text, sql);
        }
        return sql;
    }

    Health check() {
        var connections = gate;
        return connections == null ? new Health.Down("not started") : connections.check();
    }

    MeterRegistry meters() {
        return meters;
    }

    Backoff backoff(CountDownLatch ended, Duration first, Duration most) {
        return new Backoff(time, random, ended, first, most);
    }

    Server server() {
        var known = server;
        if (known == null) {
            throw new DatabaseException.Unavailable(null);
        }
        return known;
    }

    private final class Life implements Component {

        @Override
        public void start() throws InterruptedException {
            var found = locate();
            server = found;
            var begin = time.nanoTime();
            var backoff = new Backoff(time, random, closed, FIRST_WAIT, LONGEST_WAIT);
            var reported = "";
            var reportedAt = begin;
            while (true) {
                var reason = prepare(found);
                if (reason.isEmpty()) {
                    break;
                }
                var now = time.nanoTime();
                if (!reason.get().equals(reported) || now - reportedAt > BETWEEN_REPORTS.toNanos()) {
                    LOG.warn("{} waits for PostgreSQL at {}: {}", name, found, reason.get());
                    reported = reason.get();
                    reportedAt = now;
                }
                backoff.await();
            }
            if (!reported.isEmpty()) {
                var waited = Duration.ofNanos(time.nanoTime() - begin).toSeconds();
                LOG.info("{} has reached PostgreSQL at {} after {} s", name, found, waited);
            }
            gate = new ConnectionGate(found, meters, time);
        }

        /// @return why the database cannot be used yet
        private Optional<String> prepare(Server found) throws InterruptedException {
            try (var connection = found.forMigrations()) {
                if (settings.migrateOnStart()) {
                    migrations.run(connection, settings.migrateTo());
                }
                return Optional.empty();
            } catch (SQLException e) {
                return Optional.of(found.explain(e));
            } catch (DatabaseException.Unavailable
                    | DatabaseException.OutcomeUnknown
                    | DatabaseException.Contention
                    | DatabaseException.TimedOut e) {
                return Optional.of(
                        e.getCause() instanceof SQLException cause
                                ? found.explain(cause)
                                : e.problem().detail());
            }
        }

        private Server locate() throws InterruptedException {
            if (settings.url().isPresent()) {
                var password = settings.password().map(Secret::value);
                return new Server(settings.url().get(), settings.user(), password, name, settings);
            }
            var local = infrastructure.orElseThrow().provide("postgres", name);
            var url = Optional.ofNullable(local.get("url")).orElseThrow();
            var user = Optional.ofNullable(local.get("user"));
            return new Server(url, user, Optional.ofNullable(local.get("password")), name, settings);
        }

        @Override
        public void drain(Duration limit) throws InterruptedException {
            var connections = gate;
            if (connections != null) {
                connections.awaitIdle(limit);
            }
        }

        @Override
        public void close() {
            closed.countDown();
            var connections = gate;
            gate = null;
            if (connections != null) {
                connections.close();
            }
        }

        @Override
        public String toString() {
            return "PostgreSQL of " + name;
        }
    }
}
