package dev.slipway.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A query with its mapper, ready to run; each method runs it.
public final class Rows<T> {
    private static final int ROWS_PER_ROUND_TRIP = 500;

    private final UnitOfWork unit;
    private final NamedSql sql;
    private final Parameters parameters;
    private final RowMapper<T> mapper;

    Rows(UnitOfWork unit, NamedSql sql, Parameters parameters, RowMapper<T> mapper) {
        this.unit = unit;
        this.sql = sql;
        this.parameters = parameters;
        this.mapper = mapper;
    }

    /// @throws IllegalStateException if there is more than one row
    public Optional<T> findOne() {
        return run(0, rows -> {
            if (!rows.next()) {
                return Optional.empty();
            }
            var only = mapper.map(new Row(rows));
            if (rows.next()) {
                throw new IllegalStateException("more than one row");
            }
            return Optional.of(only);
        });
    }

    /// @throws IllegalStateException if there is not exactly one row
    public T one() {
        return findOne().orElseThrow(() -> new IllegalStateException("no row"));
    }

    public List<T> list() {
        return run(0, rows -> {
            var all = new ArrayList<T>();
            var row = new Row(rows);
            while (rows.next()) {
                all.add(mapper.map(row));
            }
            return List.copyOf(all);
        });
    }

    /// Hands over row by row; in a transaction it fetches 500 at a time, so that a large result does not fill the heap.
    public void forEach(Consumer<T> consumer) {
        run(ROWS_PER_ROUND_TRIP, rows -> {
            var row = new Row(rows);
            while (unit.ask(rows::next)) {
                consumer.accept(mapper.map(row));
            }
            return true;
        });
    }

    /// Runs a change of one version of a row: `update … where id = :id and version = :version returning …`. If no row
    /// comes back, it looks with the same parameters whether the row is there.
    ///
    /// @param currentVersion a query for the row's version, for example `select version from widgets where id = :id`
    public Write.Versioned<T> versioned(String currentVersion) {
        var written = findOne();
        if (written.isPresent()) {
            return new Write.Done<>(written.get());
        }
        var query = unit.parse(currentVersion);
        return new Rows<Write.Versioned<T>>(
                        unit, query, new Parameters(query).bindAll(parameters), row -> new Write.Stale<>())
                .findOne()
                .orElseGet(Write.Missing::new);
    }

    private <R> R run(int fetchSize, Read<R> read) {
        try (var statement = unit.connection().prepareStatement(sql.text())) {
            statement.setFetchSize(fetchSize);
            parameters.apply(statement);
            try (var rows = unit.ask(statement::executeQuery)) {
                return read.from(rows);
            }
        } catch (SQLException e) {
            throw unit.failure(e);
        }
    }

    private interface Read<R> {
        R from(ResultSet rows) throws SQLException;
    }
}
