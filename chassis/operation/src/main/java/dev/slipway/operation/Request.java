package dev.slipway.operation;

import dev.slipway.security.RateLimits;
import java.util.Optional;

/// What the edge of a protocol knows of one call, besides its context. The chain asks for what it needs when it needs
/// it, so that nothing is read for a caller who may not call.
public interface Request<I> {

    /// The value of one of the operation's parameters as it was sent; empty text if it was not.
    String parameter(String name);

    /// Reads and parses the input; it is validated afterwards.
    ///
    /// @throws dev.slipway.core.ProblemException if it cannot be read
    I input() throws Exception;

    /// Told what is left to the caller, also if that is nothing: for the headers of the answer.
    default void budget(RateLimits.Budget budget) {}

    /// Asked of conditional operations.
    default Expected expected() {
        return new Expected.Unsaid();
    }

    /// Told the value of the answer as JSON if it was written to be kept: who answers with JSON need not write it again.
    default void kept(byte[] json) {}

    /// An operation that takes none refuses it.
    default Optional<String> idempotencyKey() {
        return Optional.empty();
    }

    /// The key of a header. One that stands there several times is none, and is refused: who passes the call on may keep
    /// another of them.
    static Optional<String> key(Iterable<String> sent) {
        return sent.iterator().hasNext() ? Optional.of(String.join(", ", sent)) : Optional.empty();
    }
}
