package dev.slipway.postgres;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// What the database refused or failed to do; what clients may know of it is the problem, the rest is the cause.
///
/// SQL states: <https://www.postgresql.org/docs/18/errcodes-appendix.html>
public abstract sealed class DatabaseException extends ProblemException {
    private static final long serialVersionUID = 1;
    private static final Duration SOON = Duration.ofSeconds(1);

    private DatabaseException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }

    /// No connection became free in time.
    public static final class Busy extends DatabaseException {
        private static final long serialVersionUID = 1;

        Busy() {
            super(unavailable("database-busy", "The service has more to do than it can; try again."), null);
        }
    }

    /// The database is away or shutting down, or takes no writes for now. Nothing was done.
    public static final class Unavailable extends DatabaseException {
        private static final long serialVersionUID = 1;

        Unavailable(@Nullable Throwable cause) {
            super(unavailable("database-unavailable", "The database cannot be reached; try again."), cause);
        }
    }

    /// The connection was lost while the server was committing: it may have been done or not.
    public static final class OutcomeUnknown extends DatabaseException {
        private static final long serialVersionUID = 1;

        OutcomeUnknown(@Nullable Throwable cause) {
            super(Problem.outcomeUnknown(), cause);
        }
    }

    /// The transaction lost against another one (a serialization failure or a deadlock) and may be repeated; also against a
    /// migration, by another copy of the service, that changed what a prepared statement answers.
    public static final class Contention extends DatabaseException {
        private static final long serialVersionUID = 1;

        Contention(SQLException cause) {
            super(unavailable("database-contention", "Others changed the same data; try again."), cause);
        }
    }

    /// A statement, or its wait for a lock, took longer than it may.
    public static final class TimedOut extends DatabaseException {
        private static final long serialVersionUID = 1;

        TimedOut(String code, SQLException cause) {
            super(Problem.of(Kind.TIMEOUT, code, "The database took too long."), cause);
        }
    }

    /// A row breaks a constraint. The transaction (or savepoint) in which it happened can only be rolled back.
    public static final class ConstraintViolated extends DatabaseException {
        private static final long serialVersionUID = 1;
        private final String constraint;

        ConstraintViolated(Problem problem, String constraint, SQLException cause) {
            super(problem, cause);
            this.constraint = constraint;
        }

        /// The name of the constraint, or of the column that may not be null; empty if the server did not tell.
        public String constraint() {
            return constraint;
        }
    }

    /// Anything else: wrong SQL, a missing table, a value out of range.
    public static final class Failed extends DatabaseException {
        private static final long serialVersionUID = 1;

        Failed(SQLException cause) {
            super(Problem.of(Kind.INTERNAL, "database-error", "The database refused the work."), cause);
        }
    }

    private static Problem unavailable(String code, String detail) {
        return Problem.of(Kind.UNAVAILABLE, code, detail).retryAfter(SOON);
    }

    static DatabaseException of(SQLException thrown) {
        var cause =
                thrown instanceof BatchUpdateException && thrown.getCause() instanceof SQLException one ? one : thrown;
        if (isConnectivity(cause)) {
            return new Unavailable(cause);
        }
        return switch (state(cause)) {
            case "40001", "40P01" -> new Contention(cause);
            case "0A000" -> isOutdatedPlan(cause) ? new Contention(cause) : new Failed(cause);
            case "55P03" -> new TimedOut("database-lock-timeout", cause);
            case "57014", "25P03", "25P04" -> new TimedOut("database-timeout", cause);
            case "23505", "23503", "23P01" ->
                violation(Problem.of(Kind.CONFLICT, "conflict", "The change conflicts with existing data."), cause);
            case "23502", "23514" ->
                violation(Problem.of(Kind.INTERNAL, "database-error", "The database refused the work."), cause);
            default -> new Failed(cause);
        };
    }

    /// Whether the connection is at fault, and not what was done with it.
    static boolean isConnectivity(SQLException cause) {
        var state = state(cause);
        return cause instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("28")
                || state.equals("53300");
    }

    /// Whether it was a write to a server or in a transaction that only reads.
    static boolean isReadOnly(SQLException cause) {
        return state(cause).equals("25006");
    }

    /// Whether a statement was prepared for a table as it was ("cached plan must not change result type"). The driver
    /// prepares its statements anew after this, but it can repeat one only outside of a transaction.
    private static boolean isOutdatedPlan(SQLException cause) {
        var message = cause instanceof PSQLException known ? known.getServerErrorMessage() : null;
        return message != null && "RevalidateCachedQuery".equals(message.getRoutine());
    }

    static String state(SQLException cause) {
        var state = cause.getSQLState();
        return state == null ? "" : state;
    }

    private static ConstraintViolated violation(Problem problem, SQLException cause) {
        var message = cause instanceof PSQLException known ? known.getServerErrorMessage() : null;
        var constraint = message == null ? null : message.getConstraint();
        var column = message == null ? null : message.getColumn();
        return new ConstraintViolated(problem, constraint != null ? constraint : column != null ? column : "", cause);
    }
}
