package dev.slipway.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The values of a statement's named parameters.
public final class Parameters {
    private static final Object UNSET = new Object();

    private final NamedSql sql;
    private final @Nullable Object[] values;

    Parameters(NamedSql sql) {
        this.sql = sql;
        this.values = new @Nullable Object[sql.names().size()];
        Arrays.fill(values, UNSET);
    }

    /// Sets one value: anything that the driver knows, and [Instant], enums (by name), [Optional], [OptionalLong], and collections (as
    /// an array, for `= any(:ids)`).
    ///
    /// @throws IllegalArgumentException if the statement has no such parameter
    public Parameters bind(String name, @Nullable Object value) {
        var index = sql.names().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no parameter :" + name + " among " + sql.names());
        }
        values[index] = switch (value) {
            case Optional<?> optional -> optional.orElse(null);
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            case null, default -> value;
        };
        return this;
    }

    /// Sets on these the values of others with the same names.
    Parameters bindAll(Parameters others) {
        for (var name : sql.names()) {
            var index = others.sql.names().indexOf(name);
            if (index >= 0) {
                bind(name, others.values[index]);
            }
        }
        return this;
    }

    void apply(PreparedStatement statement) throws SQLException {
        var positions = sql.positions();
        for (var i = 0; i < positions.length; i++) {
            var value = values[positions[i]];
            if (UNSET.equals(value)) {
                throw new IllegalArgumentException("parameter :" + sql.names().get(positions[i]) + " was not set");
            }
            apply(statement, i + 1, value);
        }
    }

    private static void apply(PreparedStatement statement, int position, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(position, Types.NULL);
            case Instant instant -> statement.setObject(position, instant.atOffset(ZoneOffset.UTC));
            case Enum<?> constant -> statement.setString(position, constant.name());
            case Collection<?> all when all.isEmpty() -> statement.setObject(position, "{}", Types.OTHER);
            case Collection<?> all ->
                statement.setArray(position, statement.getConnection().createArrayOf(arrayType(all), all.toArray()));
            default -> statement.setObject(position, value);
        }
    }

    private static String arrayType(Collection<?> values) {
        var first = values.iterator().next();
        return switch (first) {
            case UUID _ -> "uuid";
            case Long _ -> "bigint";
            case Integer _ -> "integer";
            default -> "text";
        };
    }
}
