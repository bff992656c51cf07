package dev.slipway.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.function.BiConsumer;

/// SQL that reads and writes, inside one unit of work and on its thread.
///
/// Statements that write and answer with rows (`insert … returning`) are queries.
public final class Sql extends Queries {

    Sql(UnitOfWork unit) {
        super(unit);
    }

    /// Begins a change; parameters are `:names`.
    public Update update(String text) {
        return new Update(unit, unit.parse(text));
    }

    /// Runs a change once for each item, in their order and in one round trip.
    public <T> void batch(String text, Collection<T> items, BiConsumer<Parameters, T> bind) {
        var sql = unit.parse(text);
        try (var statement = unit.connection().prepareStatement(sql.text())) {
            for (var item : items) {
                var parameters = new Parameters(sql);
                bind.accept(parameters, item);
                parameters.apply(statement);
                statement.addBatch();
            }
            unit.ask(statement::executeBatch);
        } catch (SQLException e) {
            throw unit.failure(e);
        }
    }
}
