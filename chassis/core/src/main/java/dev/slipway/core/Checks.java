package dev.slipway.core;

import java.time.Duration;

/// What settings records check in their constructors; the messages name the key as it is written in a file.
public final class Checks {
    private Checks() {}

    /// A TCP port, or 0 for a free one.
    public static void port(String key, int port) {
        between(key, port, 0, 65_535);
    }

    public static void between(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be between %s and %s, not %s".formatted(key, least, most, value));
        }
    }

    public static void positive(String key, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(key + " must be longer than 0");
        }
    }

    public static void notNegative(String key, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(key + " must not be negative");
        }
    }
}
