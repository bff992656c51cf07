package dev.slipway.postgres;

import dev.slipway.core.Backoff;
import dev.slipway.core.StartException;
import dev.slipway.core.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the schema of a service up and down (docs/adr/0005-migrations.md).
///
/// Each migration runs in a transaction of its own, together with its line in the table `slipway_migrations`. One that
/// begins with the line `-- slipway: no transaction` holds a single statement that must run outside of one (`create
/// index concurrently if not exists …`). Several copies of a service may start at once: an advisory lock lets one of
/// them migrate.
public final class Migrations {

    /// A migration that the database has.
    ///
    /// @param part `service`, or the part of the chassis that brought it
    public record Applied(String part, int version, String name, String checksum) {}

    /// Opens connections that have no statement time-out.
    @FunctionalInterface
    interface Connections {
        Connection open() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final String SERVICE = "service";

    /// An arbitrary number that no other advisory lock of the database has: `slipway` in ASCII.
    private static final long LOCK = 0x73_6c_69_70_77_61_79L;

    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Connections connections;
    private final CountDownLatch closed;
    private final Time time;
    private final RandomGenerator random;
    private final List<MigrationFolder> folders = new ArrayList<>();

    Migrations(Connections connections, CountDownLatch closed, Time time, RandomGenerator random) {
        this.connections = connections;
        this.closed = closed;
        this.time = time;
        this.random = random;
    }

    /// Adds the service's own folder, `db` beside its class.
    ///
    /// @return what is wrong with it
    List<String> addService(Class<?> service) {
        return add(SERVICE, service, "db");
    }

    /// Adds a part's folder of resources beside a class.
    ///
    /// @return what is wrong with it
    List<String> add(String part, Class<?> beside, String folder) {
        var errors = new ArrayList<String>();
        add(MigrationFolder.read(part, beside, folder, errors));
        return errors;
    }

    void add(MigrationFolder folder) {
        folders.add(folder);
    }

    /// What the database has, in the order of parts and versions.
    ///
    /// @throws DatabaseException if the database cannot be asked
    public List<Applied> applied() {
        try (var connection = connections.open()) {
            return history(unit(connection));
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    /// Brings everything to its newest version.
    ///
    /// @throws StartException if a migration is broken, or the files do not fit what the database has
    public void up() throws InterruptedException {
        to(Optional.empty());
    }

    /// Brings the service's own schema to a version, up or down; 0 takes everything of it back.
    ///
    /// @throws StartException as [#up], and if a migration cannot be taken back; nothing was changed then
    public void to(int version) throws InterruptedException {
        to(Optional.of(version));
    }

    private void to(Optional<Integer> version) throws InterruptedException {
        try (var connection = connections.open()) {
            run(connection, version);
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    void run(Connection connection, Optional<Integer> version) throws InterruptedException {
        var unit = unit(connection);
        for (var folder : folders) {
            var target = folder.part().equals(SERVICE) ? version.orElse(folder.newest()) : folder.newest();
            while (step(unit, folder, version.isPresent(), target)) {
                LOG.debug("{} goes on to version {}", folder.part(), target);
            }
        }
    }

    private sealed interface Step {
        Migration migration();

        String script();

        record Up(Migration migration) implements Step {
            @Override
            public String script() {
                return migration.up();
            }
        }

        record Down(Migration migration, String script) implements Step {}
    }

    /// Goes one version up or down, or waits for another copy that does.
    ///
    /// @return false if there was nothing left to do
    private boolean step(UnitOfWork unit, MigrationFolder folder, boolean mayGoDown, int target)
            throws InterruptedException {
        var backoff = new Backoff(time, random, closed, FIRST_WAIT, LONGEST_WAIT);
        while (true) {
            var history = history(unit);
            var next = next(folder, history, mayGoDown, target);
            if (next.isEmpty()) {
                return false;
            }
            if (take(unit, folder, next.get(), history)) {
                return true;
            }
            backoff.await();
        }
    }

    /// Takes the step under the lock. The lock is tried and not waited for, because a waiting statement would hold up a
    /// `create index concurrently` of the copy that has it.
    ///
    /// @return false if another copy has the lock
    private boolean take(UnitOfWork unit, MigrationFolder folder, Step step, List<Applied> seen) {
        if (Migration.isTransactional(step.script())) {
            return unit.transact(Transaction.required(), false, sql -> {
                var locked = lock(sql, "pg_try_advisory_xact_lock");
                if (locked && history(unit).equals(seen)) {
                    apply(sql, folder, step);
                }
                return locked;
            });
        }
        return unit.transact(Transaction.never(), false, sql -> {
            var locked = lock(sql, "pg_try_advisory_lock");
            try {
                if (locked && history(unit).equals(seen)) {
                    dropLeftOver(sql, step);
                    apply(sql, folder, step);
                }
                return locked;
            } finally {
                if (locked) {
                    lock(sql, "pg_advisory_unlock");
                }
            }
        });
    }

    private static boolean lock(Sql sql, String function) {
        return sql.query("select " + function + "(:lock) as done")
                .bind("lock", LOCK)
                .map(row -> row.bool("done"))
                .one();
    }

    private void apply(Sql sql, MigrationFolder folder, Step step) {
        var migration = step.migration();
        var begin = time.nanoTime();
        sql.update("""
                        create table if not exists slipway_migrations (
                          part text not null, version integer not null, name text not null, checksum text not null,
                          applied_at timestamptz not null default now(), primary key (part, version))""").run();
        runScript(sql, migration, step.script());
        resetSession(sql);
        refuseInvalid(sql, migration, step.script());
        var record = switch (step) {
            case Step.Up up ->
                sql.update("""
                                        insert into slipway_migrations (part, version, name, checksum)
                                        values (:part, :version, :name, :checksum)""")
                        .bind("name", up.migration().name())
                        .bind("checksum", up.migration().checksum());
            case Step.Down _ -> sql.update("delete from slipway_migrations where part = :part and version = :version");
        };
        record.bind("part", folder.part()).bind("version", migration.version()).run();
        var verb = step instanceof Step.Up ? "Applied" : "Took back";
        LOG.info(
                "{} {} of {} in {} ms",
                verb,
                migration.file(),
                folder.part(),
                Duration.ofNanos(time.nanoTime() - begin).toMillis());
    }

    private static void runScript(Sql sql, Migration migration, String script) {
        try (var statement = sql.unit.connection().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(script);
        } catch (SQLException e) {
            switch (DatabaseException.of(e)) {
                case DatabaseException.Unavailable again -> throw again;
                case DatabaseException.Contention again -> throw again;
                case DatabaseException.TimedOut again -> throw again;
                default -> throw new StartException(migration.file() + " failed: " + e.getMessage(), e);
            }
        }
    }

    /// What a script has set holds for it alone, so that the next one finds the same whether it runs now or later. What
    /// the connection was opened with stays.
    private static void resetSession(Sql sql) {
        for (var what : List.of("session authorization", "role", "all")) {
            sql.update("reset " + what).run();
        }
    }

    /// A `create index concurrently` that failed leaves an index that nothing uses, and that `if not exists` takes for
    /// the wanted one.
    private static void dropLeftOver(Sql sql, Step step) {
        for (var index : invalidIndexes(sql, step.script())) {
            LOG.warn(
                    "{}: dropping the index {}, which an earlier try left invalid",
                    step.migration().file(),
                    index);
            sql.update("drop index concurrently " + index).run();
        }
    }

    private static void refuseInvalid(Sql sql, Migration migration, String script) {
        var invalid = invalidIndexes(sql, script);
        if (!invalid.isEmpty()) {
            throw new StartException(
                    "%s left the index %s invalid".formatted(migration.file(), String.join(", ", invalid)), null);
        }
    }

    /// Those that a script outside of a transaction names, as SQL writes them. Nobody else may be building one of them:
    /// this copy has the lock.
    private static List<String> invalidIndexes(Sql sql, String script) {
        if (Migration.isTransactional(script)) {
            return List.of();
        }
        return sql.query("""
                        select format('%I.%I', schema.nspname, index.relname) as name from pg_index
                        join pg_class index on index.oid = indexrelid
                        join pg_namespace schema on schema.oid = index.relnamespace
                        where not indisvalid and schema.nspname = any (current_schemas(false))""").map(row -> row.text("name")).list().stream()
                .filter(name -> Migration.names(script, name.substring(name.indexOf('.') + 1)))
                .toList();
    }

    private static List<Applied> history(UnitOfWork unit) {
        return unit.read(sql -> {
            var exists = sql.query("select to_regclass('slipway_migrations') is not null as there")
                    .map(row -> row.bool("there"))
                    .one();
            return exists
                    ? sql.query("select part, version, name, checksum from slipway_migrations order by part, version")
                            .map(row -> new Applied(
                                    row.text("part"), row.integer("version"), row.text("name"), row.text("checksum")))
                            .list()
                    : List.of();
        });
    }

    private static Optional<Step> next(MigrationFolder folder, List<Applied> history, boolean mayGoDown, int target) {
        var applied =
                history.stream().filter(it -> it.part().equals(folder.part())).toList();
        refuseDifferences(folder, applied);
        if (target > folder.newest()) {
            throw new StartException(
                    "there is no version %s of %s; the newest is %s".formatted(target, folder.part(), folder.newest()),
                    null);
        }
        var now = applied.isEmpty() ? 0 : applied.getLast().version();
        if (now < target) {
            return Optional.of(new Step.Up(folder.migrations().get(now)));
        }
        return mayGoDown && now > target ? Optional.of(down(folder, now, target)) : Optional.empty();
    }

    /// The first step down, once it is known that every step has its way back.
    private static Step down(MigrationFolder folder, int now, int target) {
        if (now > folder.newest()) {
            throw new StartException(
                    "version %s of %s came from newer code; only that code can take it back"
                            .formatted(now, folder.part()),
                    null);
        }
        var missing = folder.migrations().subList(target, now).stream()
                .filter(it -> it.down().isEmpty())
                .map(it -> it.file() + " cannot be taken back: it has no .down.sql")
                .toList();
        if (!missing.isEmpty()) {
            throw new StartException(missing);
        }
        var last = folder.migrations().get(now - 1);
        return new Step.Down(last, last.down().orElseThrow());
    }

    /// Versions that are newer than this code are left alone: during a roll-out old and new copies run side by side.
    private static void refuseDifferences(MigrationFolder folder, List<Applied> applied) {
        var errors = new ArrayList<String>();
        for (var i = 0; i < applied.size(); i++) {
            var there = applied.get(i);
            if (there.version() != i + 1) {
                errors.add(
                        "the database has version %s of %s without version %s; its table slipway_migrations was changed"
                                .formatted(there.version(), folder.part(), i + 1));
                break;
            }
            if (i < folder.newest()) {
                var file = folder.migrations().get(i);
                if (!file.name().equals(there.name())) {
                    errors.add(String.format(
                            Locale.ROOT,
                            "%s is new, but the database has V%03d__%s already: give the new one the next free number",
                            file.file(),
                            there.version(),
                            there.name()));
                } else if (!file.checksum().equals(there.checksum())) {
                    errors.add(
                            "%s was changed after it had been applied: restore it and add a migration with the change"
                                    .formatted(file.file()));
                }
            }
        }
        if (!errors.isEmpty()) {
            throw new StartException(errors);
        }
    }

    private UnitOfWork unit(Connection connection) {
        return new UnitOfWork(connection, NamedSql::parse, time);
    }
}
