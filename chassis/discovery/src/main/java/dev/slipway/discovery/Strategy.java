package dev.slipway.discovery;

/// How an instance is picked among those that can be used.
public enum Strategy {
    /// One after the other.
    ROUND_ROBIN,

    /// The one of two random ones that has fewer calls in flight (Mitzenmacher, "The power of two choices in randomized
    /// load balancing", 2001): avoids slow instances, and no herd runs to the one that was idle last.
    LEAST_REQUESTS,

    /// The same key goes to the same instance, and when one comes or goes only its share of the keys moves. Calls
    /// without a key go round.
    RING_HASH,

    /// Instances of this copy's own zone, by fewest requests, and others as far as the own zone has too few.
    ZONE_AWARE
}
