package dev.slipway.postgres;

import dev.slipway.core.Isolation;
import dev.slipway.core.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One connection for the time of one block, and the transaction that runs on it, if one does. Used by one thread.
final class UnitOfWork {

    private static final class Running {
        private final Isolation isolation;
        private final boolean readOnly;
        private @Nullable Throwable doom;
        private @Nullable Update last;

        Running(Isolation isolation, boolean readOnly) {
            this.isolation = isolation;
            this.readOnly = readOnly;
        }
    }

    private final Time time;
    private final Connection connection;
    private final Function<String, NamedSql> parser;
    private final Sql sql = new Sql(this);
    private @Nullable Running running;
    private boolean ended;
    private boolean takesNoWrites;
    private volatile long askedAt;

    UnitOfWork(Connection connection, Function<String, NamedSql> parser, Time time) {
        this.time = time;
        this.connection = connection;
        this.parser = parser;
    }

    NamedSql parse(String text) {
        return parser.apply(text);
    }

    Connection connection() {
        if (ended) {
            throw new IllegalStateException("the unit of work has ended: its SQL cannot be used outside its block");
        }
        return connection;
    }

    /// Gives the connection back.
    void close() throws SQLException {
        ended = true;
        connection.close();
    }

    /// What a statement's failure means.
    DatabaseException failure(SQLException cause) {
        var readOnly = running != null && running.readOnly;
        if (DatabaseException.isReadOnly(cause) && !readOnly) {
            takesNoWrites = true;
            return new DatabaseException.Unavailable(cause);
        }
        return DatabaseException.of(cause);
    }

    /// Whether a write was refused because the server only reads: it is a standby since a failover, or will be.
    boolean takesNoWrites() {
        return takesNoWrites;
    }

    interface Question<T> {
        T ask() throws SQLException;
    }

    interface Command {
        void send() throws SQLException;
    }

    /// Runs what waits for the server, under the eyes of the [Watchdog].
    <T> T ask(Question<T> question) throws SQLException {
        askedAt = time.nanoTime() | 1;
        try {
            return question.ask();
        } finally {
            askedAt = 0;
        }
    }

    private void tell(Command command) throws SQLException {
        ask(() -> {
            command.send();
            return true;
        });
    }

    boolean waitsLongerThan(Duration limit) {
        var since = askedAt;
        return since != 0 && time.nanoTime() - since > limit.toNanos();
    }

    /// Makes who waits for an answer fail.
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    boolean isInTransaction() {
        return running != null;
    }

    <T extends @Nullable Object> T read(Function<Queries, T> work) {
        return work.apply(new Queries(this));
    }

    <T extends @Nullable Object> T transact(Transaction options, boolean readOnly, Function<Sql, T> work) {
        return transact(options, readOnly, done -> true, work);
    }

    /// @param commits which results are committed; with another the transaction, or its nested part, is undone
    <T extends @Nullable Object> T transact(
            Transaction options, boolean readOnly, Predicate<? super T> commits, Function<Sql, T> work) {
        var outer = running;
        if (outer != null) {
            refuseToJoin(outer, options, readOnly);
        }
        try {
            return switch (options.propagation()) {
                case NEVER -> outsideOfTransactions(readOnly, work);
                case MANDATORY -> {
                    if (outer == null) {
                        throw new IllegalStateException("there is no transaction, and this block must be in one");
                    }
                    yield join(outer, work);
                }
                case REQUIRED -> outer == null ? begin(options, readOnly, commits, work) : join(outer, work);
                case NESTED -> outer == null ? begin(options, readOnly, commits, work) : nest(outer, commits, work);
            };
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /// Each statement commits itself.
    private <T extends @Nullable Object> T outsideOfTransactions(boolean readOnly, Function<Sql, T> work) {
        try {
            return work.apply(sql);
        } catch (DatabaseException.Unavailable e) {
            throw readOnly || takesNoWrites ? e : new DatabaseException.OutcomeUnknown(e.getCause());
        }
    }

    private static void refuseToJoin(Running outer, Transaction options, boolean readOnly) {
        if (options.propagation() == Propagation.NEVER) {
            throw new IllegalStateException("there is a transaction, and this block must not be in one");
        }
        if (options.isolation().compareTo(outer.isolation) > 0) {
            throw new IllegalStateException("a block that needs %s cannot join a transaction that is %s"
                    .formatted(sql(options.isolation()), sql(outer.isolation)));
        }
        if (outer.readOnly && !readOnly) {
            throw new IllegalStateException("a block that writes cannot join a transaction that only reads");
        }
    }

    private static String sql(Isolation isolation) {
        return isolation.name().replace('_', ' ');
    }

    private <T extends @Nullable Object> T begin(
            Transaction options, boolean readOnly, Predicate<? super T> commits, Function<Sql, T> work)
            throws SQLException {
        connection.setAutoCommit(false);
        var transaction = new Running(options.isolation(), readOnly);
        running = transaction;
        try {
            describe(options.isolation(), readOnly);
            var result = work.apply(sql);
            if (commits.test(result)) {
                refuseIfDoomed(transaction);
                commit(transaction);
            } else {
                tell(connection::rollback);
            }
            connection.setAutoCommit(true);
            return result;
        } catch (Throwable e) {
            rollBack(e);
            throw e;
        } finally {
            running = null;
        }
    }

    /// Lets a change be the last of the running transaction, and travel with its COMMIT.
    ///
    /// @throws IllegalStateException if there is no transaction
    void runLast(Update change) {
        var transaction = running;
        if (transaction == null) {
            throw new IllegalStateException("there is no transaction, and this change must be in one");
        }
        runDeferred(transaction);
        transaction.last = change;
    }

    private void commit(Running transaction) throws SQLException {
        try {
            if (transaction.last != null) {
                transaction.last.runAndCommit();
            }
            tell(connection::commit);
        } catch (SQLException e) {
            if (transaction.readOnly || !DatabaseException.isConnectivity(e)) {
                throw e;
            }
            throw new DatabaseException.OutcomeUnknown(e);
        } catch (DatabaseException.Unavailable e) {
            throw takesNoWrites ? e : new DatabaseException.OutcomeUnknown(e.getCause());
        }
    }

    /// BEGIN travels with the first statement, so that what is not said here costs no round trip.
    private void describe(Isolation isolation, boolean readOnly) throws SQLException {
        if (isolation != Isolation.READ_COMMITTED || readOnly) {
            try (var statement = connection.createStatement()) {
                var level = "set transaction isolation level " + sql(isolation) + (readOnly ? " read only" : "");
                ask(() -> statement.execute(level));
            }
        }
    }

    private <T extends @Nullable Object> T join(Running outer, Function<Sql, T> work) {
        try {
            return work.apply(sql);
        } catch (Throwable e) {
            outer.doom = e;
            throw e;
        }
    }

    private <T extends @Nullable Object> T nest(Running outer, Predicate<? super T> commits, Function<Sql, T> work)
            throws SQLException {
        refuseIfDoomed(outer);
        runDeferred(outer);
        var savepoint = ask(connection::setSavepoint);
        try {
            var result = work.apply(sql);
            if (commits.test(result)) {
                refuseIfDoomed(outer);
                runDeferred(outer);
                tell(() -> connection.releaseSavepoint(savepoint));
            } else {
                tell(() -> connection.rollback(savepoint));
                outer.doom = null;
                outer.last = null;
            }
            return result;
        } catch (Throwable e) {
            try {
                tell(() -> connection.rollback(savepoint));
                outer.doom = null;
                outer.last = null;
            } catch (SQLException suppressed) {
                outer.doom = e;
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static void runDeferred(Running transaction) {
        if (transaction.last != null) {
            transaction.last.run();
            transaction.last = null;
        }
    }

    private static void refuseIfDoomed(Running transaction) {
        if (transaction.doom != null) {
            throw new IllegalStateException(
                    "a block that joined this transaction failed, so it cannot be committed", transaction.doom);
        }
    }

    private void rollBack(Throwable reason) {
        try {
            tell(connection::rollback);
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
