package dev.slipway.core;

import java.time.Duration;

/// A part of a service that is started and stopped with it: a pool, a server, a consumer.
///
/// The service calls these methods from one thread, except `prepare`: `start` once; when it stops, `beforeStop`, then
/// `drain` if `start` succeeded, then `close` once, also when `start` failed or was never called. What was wired after
/// this part is closed by then.
public interface Component extends AutoCloseable {

    /// Does what takes time at the start and needs no other part and nothing from outside, for example to load a library.
    /// It runs on a thread of its own, while the parts before this one start, and has ended when `start` is called. An
    /// interrupt says that the start is given up.
    ///
    /// @throws StartException if the service cannot start; parts that wait are not waited for then
    default void prepare() {}

    /// Starts, and returns when the part can be used. What is not there yet is waited for: an interrupt ends the wait.
    ///
    /// @throws StartException if waiting cannot help (a port is taken, a migration is broken)
    void start() throws InterruptedException;

    /// Tells clients to go elsewhere, while it goes on serving; called before load balancers are given time to notice.
    default void beforeStop() {}

    /// Takes no new work and waits, at most for `limit`, until the work in flight is done.
    default void drain(Duration limit) throws InterruptedException {}

    @Override
    void close();
}
