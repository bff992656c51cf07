package dev.slipway.core;

import java.util.Objects;

/// A value that shows up in no log and no error: `toString` redacts it.
public record Secret(String value) {
    public Secret {
        Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}
