package dev.slipway.resilience;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why a call to a dependency brought nothing. Clients learn the problem; name and cause are for the logs.
public abstract sealed class DependencyException extends ProblemException {
    private static final long serialVersionUID = 1;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String dependency;

    private DependencyException(String dependency, Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
        this.dependency = dependency;
    }

    public String dependency() {
        return dependency;
    }

    @Override
    public String getMessage() {
        return dependency + ": " + super.getMessage();
    }

    private static Problem unavailable(String code, String detail, Duration retryAfter) {
        return Problem.of(Kind.UNAVAILABLE, code, detail).retryAfter(retryAfter);
    }

    /// The circuit breaker let nothing through (`circuit-open`); nothing was sent.
    public static final class CircuitOpen extends DependencyException {
        private static final long serialVersionUID = 1;

        CircuitOpen(String dependency, Duration openFor) {
            super(dependency, unavailable("circuit-open", "A service that is needed for this is down.", openFor), null);
        }
    }

    /// No turn came in time (`bulkhead-full`); nothing was sent.
    public static final class BulkheadFull extends DependencyException {
        private static final long serialVersionUID = 1;

        BulkheadFull(String dependency) {
            super(dependency, unavailable("bulkhead-full", "A service that is needed for this is busy.", SOON), null);
        }
    }

    /// The time limit or the caller's deadline passed (`time-limit`); what was asked may have happened or not.
    public static final class TimedOut extends DependencyException {
        private static final long serialVersionUID = 1;

        TimedOut(String dependency) {
            super(
                    dependency,
                    Problem.of(Kind.TIMEOUT, "time-limit", "A service that is needed for this took too long."),
                    null);
        }
    }

    /// The call failed; what was asked may have happened or not.
    ///
    /// The problem is the client's own if it threw a [ProblemException], else `dependency-failed`.
    public static final class Failed extends DependencyException {
        private static final long serialVersionUID = 1;

        Failed(String dependency, Throwable cause) {
            super(dependency, problem(cause), cause);
        }

        private static Problem problem(Throwable cause) {
            return cause instanceof ProblemException known
                    ? known.problem()
                    : unavailable("dependency-failed", "A service that is needed for this failed.", SOON);
        }
    }

    /// The thread was told to end, and still is (`interrupted`); what was asked may have happened or not.
    public static final class Interrupted extends DependencyException {
        private static final long serialVersionUID = 1;

        Interrupted(String dependency, InterruptedException cause) {
            super(dependency, Problem.of(Kind.UNAVAILABLE, "interrupted", "The work was told to end."), cause);
        }
    }
}
