package dev.slipway.postgres;

/// What a unit of work does about the one that its thread is already in.
///
/// There is no `REQUIRES_NEW`: it would hold one connection while it waits for a second, and that deadlocks the pool as
/// soon as every connection is held that way (docs/adr/0006-unit-of-work.md).
public enum Propagation {
    /// Joins the running transaction, or begins one.
    REQUIRED,
    /// Sets a savepoint in the running transaction, or begins one: a failure undoes this block alone.
    NESTED,
    /// Joins the running transaction, and fails if there is none.
    MANDATORY,
    /// Runs without a transaction, each statement for itself, and fails if there is one.
    NEVER
}
