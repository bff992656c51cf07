package dev.slipway.postgres;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Patterns for `like` and `ilike`.
public final class Like {
    private static final Pattern SPECIAL = Pattern.compile("[\\\\%_]");

    private Like() {}

    /// Finds texts that hold this one, whose wildcards are taken literally; null stays null.
    public static @Nullable String containing(@Nullable String part) {
        return part == null ? null : "%" + SPECIAL.matcher(part).replaceAll("\\\\$0") + "%";
    }
}
