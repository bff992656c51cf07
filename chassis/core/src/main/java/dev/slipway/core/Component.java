package dev.slipway.core;

import java.time.Duration;

/// A part of a service that is started and stopped with it: a pool, a server, a consumer.
///
/// The service calls these methods from one thread, except `prepare`: `start` once; `close` once, also when `start` failed
/// or was never called; and between them, if `start` succeeded, `endIntake` and `drain`. A service stops in phases, each
/// in reverse order of the wiring: all parts end their intake, then all wait for their work, then all close
/// ([ADR 17](../../../../../../../../docs/adr/0017-stopping.md)). So what this part was built on can be used until
/// `drain` has returned, and what was built on it is closed when `close` is called.
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
    /// What it waits for, if it must, takes at most `limit`, and is lost to `drain`: all parts share one budget.
    default void beforeStop(Duration limit) {}

    /// Takes no new work, and tells whoever waits for more (a stream, a watch, a subscription, an idle connection) that
    /// this is the end. Must return at once: it neither waits nor ends work that ends by itself.
    default void endIntake() {}

    /// Waits, at most for `limit`, until the work in flight is done. All parts share one limit: what is left of it may be
    /// nothing, so whatever has to be done at a stop is done in `endIntake` or `close`.
    default void drain(Duration limit) throws InterruptedException {}

    @Override
    void close();
}
