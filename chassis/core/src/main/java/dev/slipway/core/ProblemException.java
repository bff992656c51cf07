package dev.slipway.core;

import org.jspecify.annotations.Nullable;

/// Carries a [Problem] to the edge, where it becomes an answer; for failures, not for foreseen business outcomes.
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.code() + ": " + problem.detail(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
