package dev.slipway.postgres;

import dev.slipway.core.Isolation;

/// How a unit of work runs.
///
/// @param attempts how often the block may run in all, when the database says that it lost against another transaction;
///     a block that joins another is repeated only with the outermost one
public record Transaction(Propagation propagation, Isolation isolation, int attempts) {

    public Transaction {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /// Joins or begins, READ COMMITTED, and runs once.
    public static Transaction required() {
        return new Transaction(Propagation.REQUIRED, Isolation.READ_COMMITTED, 1);
    }

    public static Transaction nested() {
        return required().propagation(Propagation.NESTED);
    }

    public static Transaction mandatory() {
        return required().propagation(Propagation.MANDATORY);
    }

    public static Transaction never() {
        return required().propagation(Propagation.NEVER);
    }

    public Transaction isolation(Isolation other) {
        return new Transaction(propagation, other, attempts);
    }

    /// Says that the block may run again: it has no effect outside the database, or one that may be repeated.
    public Transaction repeatable(int times) {
        return new Transaction(propagation, isolation, times);
    }

    private Transaction propagation(Propagation other) {
        return new Transaction(other, isolation, attempts);
    }
}
