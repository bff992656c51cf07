package dev.slipway.postgres;

/// SQL that reads, inside one unit of work and on its thread.
public sealed class Queries permits Sql {
    final UnitOfWork unit;

    Queries(UnitOfWork unit) {
        this.unit = unit;
    }

    /// Begins a query; parameters are `:names`.
    ///
    /// @throws IllegalArgumentException if it is a statement that writes, and this may only read
    public Query query(String text) {
        var sql = unit.parse(text);
        if (sql.writes() && !(this instanceof Sql)) {
            throw new IllegalArgumentException("a read changes nothing: run this in Database.write");
        }
        return new Query(unit, sql);
    }

    /// Begins a query for a part of a list, in its order.
    ///
    /// @param text as far as its last condition, for example `select id, name from widgets where owner = :owner`. There must be
    ///     one, and an `or` must stand in parentheses: another is added with `and`.
    public <T> PageQuery<T> page(String text, Order.Part<T> part) {
        return new PageQuery<>(unit, unit.parse(text + part.sql()), part);
    }
}
