package dev.slipway.operation;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list, in the order that was asked for.
///
/// @param next the cursor of the following part, empty on the last
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }

    /// Makes a page of rows that were read with `limit + 1`: the extra row only says that there is more.
    ///
    /// @param cursor the position of an item, from which the next page goes on
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, Optional.empty());
        }
        var items = rows.subList(0, limit);
        return new Page<>(items, Optional.of(cursor.apply(items.getLast()).encode()));
    }
}
