package dev.slipway.operation;

/// Which version of a thing the caller has seen, so that nobody overwrites what somebody else changed in between.
public sealed interface Expected {

    /// The caller does not say; a conditional operation refuses that.
    record Unsaid() implements Expected {}

    /// Any, as long as the thing exists: `If-Match: *`.
    record Any() implements Expected {}

    record Exactly(long version) implements Expected {}
}
