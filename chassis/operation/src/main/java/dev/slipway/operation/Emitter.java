package dev.slipway.operation;

/// Where a streaming operation puts its answer, one element after the other. For one thread.
@FunctionalInterface
public interface Emitter<O> {

    /// Waits while the client has not taken what was sent before.
    ///
    /// @throws InterruptedException if the client has gone or the service stops
    void send(O element) throws InterruptedException;
}
