package dev.slipway.operation;

import java.util.List;

/// Which version of a thing the caller has seen, so that nobody overwrites what somebody else changed in between.
public sealed interface Expected {

    /// The caller does not say; a conditional operation refuses that.
    record Unsaid() implements Expected {}

    /// Any, as long as the thing exists: `If-Match: *`.
    record Any() implements Expected {}

    record Exactly(long version) implements Expected {}

    /// Any of several: a list in `If-Match`. The work is tried with one after the other, until one is not stale.
    record OneOf(List<Long> versions) implements Expected {
        public OneOf {
            versions = List.copyOf(versions);
        }
    }
}
