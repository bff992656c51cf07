package dev.slipway.core;

/// What settings records check in their constructors, beside the bounds of single components ([Setting#least]); the
/// messages name the keys as they are written in a file.
public final class Checks {
    private Checks() {}

    /// That one number is not more than another.
    ///
    /// @throws IllegalArgumentException if it is
    public static void atMost(String key, int value, String otherKey, int other) {
        if (value > other) {
            throw new IllegalArgumentException(
                    "%s must not be more than %s: %s > %s".formatted(key, otherKey, value, other));
        }
    }
}
