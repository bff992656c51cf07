package dev.slipway.core;

/// What a transaction sees of others; the order is that of strength.
public enum Isolation {
    /// Each statement sees what was committed before it began.
    READ_COMMITTED,
    /// All statements see what was committed before the first began; a concurrent change ends the transaction.
    REPEATABLE_READ,
    /// As if transactions ran one after the other; a conflict ends the transaction.
    SERIALIZABLE
}
