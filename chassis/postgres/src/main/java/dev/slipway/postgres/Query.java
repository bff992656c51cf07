package dev.slipway.postgres;

import org.jspecify.annotations.Nullable;

/// SQL that answers with rows.
public final class Query {
    private final UnitOfWork unit;
    private final NamedSql sql;
    private final Parameters parameters;

    Query(UnitOfWork unit, NamedSql sql) {
        this.unit = unit;
        this.sql = sql;
        this.parameters = new Parameters(sql);
    }

    /// As [Parameters#bind].
    public Query bind(String name, @Nullable Object value) {
        parameters.bind(name, value);
        return this;
    }

    public <T> Rows<T> map(RowMapper<T> mapper) {
        return new Rows<>(unit, sql, parameters, mapper);
    }
}
