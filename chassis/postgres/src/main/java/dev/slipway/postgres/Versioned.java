package dev.slipway.postgres;

/// What became of a change that was made for one version of a row only (optimistic locking).
public sealed interface Versioned<T> {

    /// The row had the version and was changed.
    record Written<T>(T row) implements Versioned<T> {}

    /// The row has another version by now.
    record Stale<T>(long version) implements Versioned<T> {}

    /// There is no such row.
    record Missing<T>() implements Versioned<T> {}
}
