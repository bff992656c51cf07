package dev.slipway.postgres;

/// What a transaction sees of others; the order is that of strength.
public enum Isolation {
    /// Each statement sees what was committed before it began.
    READ_COMMITTED,
    /// All statements see what was committed before the first began; a concurrent change ends in a [DatabaseException.Contention].
    REPEATABLE_READ,
    /// As if transactions ran one after the other; a conflict ends in a [DatabaseException.Contention].
    SERIALIZABLE;

    String sql() {
        return name().replace('_', ' ');
    }
}
