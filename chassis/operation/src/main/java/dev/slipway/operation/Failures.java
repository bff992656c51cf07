package dev.slipway.operation;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What callers are told of failures, by every protocol.
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    public static final Problem INTERNAL =
            Problem.of(Kind.INTERNAL, "internal-error", "Something went wrong here; it has been logged.");
    public static final Problem OVERLOADED = Problem.of(
                    Kind.UNAVAILABLE, "overloaded", "Too many requests are being served.")
            .retryAfter(Duration.ofSeconds(1));
    public static final Problem STOPPING = Problem.of(Kind.UNAVAILABLE, "stopping", "The service is stopping.");
    public static final Problem LATE = Problem.of(Kind.TIMEOUT, "deadline-exceeded", "The answer took too long.");
    public static final Problem GONE = Problem.of(Kind.REQUEST_TIMEOUT, "client-gone", "The client has gone.");

    private Failures() {}

    /// Only a [ProblemException] says more than that something went wrong here; what nobody foresaw is logged with its
    /// stack, what is away or late in a line. A refusal without a cause is not logged: there are many of them under load,
    /// and who refuses counts them. Keeps the interrupt of an [InterruptedException].
    public static Problem of(Throwable failure) {
        if (failure instanceof ProblemException known) {
            var cause = known.getCause();
            if (known.problem().kind() == Kind.INTERNAL) {
                LOG.warn("{}", known.getMessage(), cause);
            } else if (known.problem().kind().isFailure() && cause != null) {
                LOG.warn("{} ({})", known.getMessage(), cause.toString());
            }
            return known.problem();
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return STOPPING;
        }
        LOG.error("a request failed", failure);
        return INTERNAL;
    }
}
