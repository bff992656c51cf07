package dev.slipway.discovery;

import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.time.Duration;

/// No instance of a service is known: 503 with the code `no-instance` at the edge.
public final class NoInstanceException extends ProblemException {
    private static final long serialVersionUID = 1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    NoInstanceException(String target) {
        super(
                Problem.of(Problem.Kind.UNAVAILABLE, "no-instance", "No instance of " + target + " is known.")
                        .retryAfter(RETRY_AFTER),
                null);
    }
}
