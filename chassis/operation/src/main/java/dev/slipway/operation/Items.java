package dev.slipway.operation;

import java.util.Optional;

/// What a client streams to an operation, one after the other. For one thread; not kept anywhere.
@FunctionalInterface
public interface Items<T> {

    /// Waits for the next one; empty at the end.
    ///
    /// @throws dev.slipway.core.ProblemException if what was sent is malformed or not valid: after an item of kind `INVALID`
    ///     the next one may be asked for, after anything else the stream is over
    /// @throws InterruptedException if the client has gone or the service stops
    Optional<T> next() throws InterruptedException;
}
