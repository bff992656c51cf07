package dev.slipway.core;

import java.time.Duration;

/// A part of a service that is started and stopped with it: a pool, a server, a consumer.
///
/// The service calls each method from one thread at a time: `start` once, `drain` at most once, `close` once, also
/// when `start` failed.
public interface Component extends AutoCloseable {

    /// Starts, and returns when the part can be used. What is not there yet is waited for: an interrupt ends the wait.
    ///
    /// @throws StartException if waiting cannot help (a port is taken, a migration is broken)
    void start() throws InterruptedException;

    /// Takes no new work and waits, at most for `limit`, until the work in flight is done.
    default void drain(Duration limit) throws InterruptedException {}

    @Override
    void close();
}
