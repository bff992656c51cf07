package dev.slipway.postgres;

/// Makes an object of a row.
@FunctionalInterface
public interface RowMapper<T> {
    T map(Row row);
}
