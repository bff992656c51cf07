package dev.slipway.postgres;

import dev.slipway.operation.Page;
import org.jspecify.annotations.Nullable;

/// SQL that answers with a part of a list.
public final class PageQuery<T> {
    private final UnitOfWork unit;
    private final NamedSql sql;
    private final Order.Part<T> part;
    private final Parameters parameters;

    PageQuery(UnitOfWork unit, NamedSql sql, Order.Part<T> part) {
        this.unit = unit;
        this.sql = sql;
        this.part = part;
        this.parameters = new Parameters(sql);
        part.bind(parameters);
    }

    /// As [Parameters#bind].
    ///
    /// @throws IllegalArgumentException also if the part of the list sets it: `rows`, or `after1` and so on
    public PageQuery<T> bind(String name, @Nullable Object value) {
        if (part.order().sets(name)) {
            throw new IllegalArgumentException("the parameter :" + name + " is the page's own");
        }
        parameters.bind(name, value);
        return this;
    }

    /// Runs it.
    public Page<T> map(RowMapper<T> mapper) {
        return Page.of(new Rows<>(unit, sql, parameters, mapper).list(), part.limit(), part.order()::after);
    }
}
