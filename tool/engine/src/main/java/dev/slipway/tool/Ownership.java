package dev.slipway.tool;

import java.util.Locale;

/// Whose a generated file is, which decides what an update does with it.
public enum Ownership {
    /// The template's: kept equal to it.
    MANAGED,
    /// Both's: an update merges.
    MERGED,
    /// The user's: written once, never touched again.
    SEEDED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
