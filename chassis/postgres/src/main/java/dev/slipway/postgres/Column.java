package dev.slipway.postgres;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/// A column that a list is sorted by, with its value in an element. Called after [Row], whose methods read the same types.
///
/// @param name in SQL, a constant of the program
/// @param parser reads what `toString` of the value wrote
public record Column<T>(String name, Function<T, ?> value, Function<String, ?> parser) {

    public static <T> Column<T> text(String name, Function<T, String> value) {
        return new Column<>(name, value, text -> text);
    }

    public static <T> Column<T> uuid(String name, Function<T, UUID> value) {
        return new Column<>(name, value, UUID::fromString);
    }

    public static <T> Column<T> bigint(String name, Function<T, Long> value) {
        return new Column<>(name, value, Long::valueOf);
    }

    /// To the microsecond, as PostgreSQL keeps it.
    public static <T> Column<T> instant(String name, Function<T, Instant> value) {
        return new Column<>(name, value, Instant::parse);
    }
}
