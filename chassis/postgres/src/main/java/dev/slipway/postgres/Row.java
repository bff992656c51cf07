package dev.slipway.postgres;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The current row of a result; valid inside its [RowMapper] only.
///
/// What is null in the database is an error for every method but [#find].
public final class Row {
    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    public UUID uuid(String column) {
        return value(column, UUID.class);
    }

    public String text(String column) {
        return required(column, () -> rows.getString(column));
    }

    public int integer(String column) {
        return required(column, () -> nullable(rows.getInt(column)));
    }

    public long bigint(String column) {
        return required(column, () -> nullable(rows.getLong(column)));
    }

    public boolean bool(String column) {
        return required(column, () -> nullable(rows.getBoolean(column)));
    }

    public BigDecimal decimal(String column) {
        return required(column, () -> rows.getBigDecimal(column));
    }

    /// A `timestamptz`, to the microsecond.
    public Instant instant(String column) {
        return value(column, Instant.class);
    }

    public LocalDate date(String column) {
        return value(column, LocalDate.class);
    }

    public byte[] bytes(String column) {
        return required(column, () -> rows.getBytes(column));
    }

    /// A `text` that is the name of a constant.
    public <E extends Enum<E>> E constant(String column, Class<E> type) {
        return Enum.valueOf(type, text(column));
    }

    /// A `text[]`.
    public List<String> texts(String column) {
        return required(column, () -> {
            var array = rows.getArray(column);
            return array == null ? null : List.of((String[]) array.getArray());
        });
    }

    /// A `text[]` of two dimensions, as `array(select array[…])` makes it: a row of texts for each row of a subquery, so
    /// that a thing and what it consists of are read by one statement. None if the array is empty.
    public List<List<String>> textRows(String column) {
        return required(column, () -> {
            var array = rows.getArray(column);
            return array == null
                    ? null
                    : Stream.of((Object[]) array.getArray())
                            .map(row -> List.of((String[]) row))
                            .toList();
        });
    }

    /// What may be null: a [String], [UUID], [Integer], [Long], [Boolean], [BigDecimal], [Instant] or [LocalDate].
    public <T> Optional<T> find(String column, Class<T> type) {
        return Optional.ofNullable(read(() -> get(column, type)));
    }

    private <T> T value(String column, Class<T> type) {
        return required(column, () -> get(column, type));
    }

    private <T> @Nullable T get(String column, Class<T> type) throws SQLException {
        if (type == Instant.class) {
            var time = rows.getObject(column, OffsetDateTime.class);
            return time == null ? null : type.cast(time.toInstant());
        }
        return rows.getObject(column, type);
    }

    private <T> @Nullable T nullable(T value) throws SQLException {
        return rows.wasNull() ? null : value;
    }

    private static <T> T required(String column, Read<T> read) {
        var value = read(read);
        if (value == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return value;
    }

    private static <T> @Nullable T read(Read<T> read) {
        try {
            return read.get();
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    private interface Read<T> {
        @Nullable
        T get() throws SQLException;
    }
}
