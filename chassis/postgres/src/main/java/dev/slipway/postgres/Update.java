package dev.slipway.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// SQL that changes rows and answers with their number.
public final class Update {
    private final UnitOfWork unit;
    private final NamedSql sql;
    private final Parameters parameters;

    Update(UnitOfWork unit, NamedSql sql) {
        this.unit = unit;
        this.sql = sql;
        this.parameters = new Parameters(sql);
    }

    /// As [Parameters#bind].
    public Update bind(String name, @Nullable Object value) {
        parameters.bind(name, value);
        return this;
    }

    /// Runs it and COMMIT in one round trip.
    void runAndCommit() {
        try (var statement = unit.connection().prepareStatement(sql.text() + "; commit")) {
            parameters.apply(statement);
            unit.ask(statement::execute);
        } catch (SQLException e) {
            throw unit.failure(e);
        }
    }

    /// @return how many rows were changed
    public int run() {
        try (var statement = unit.connection().prepareStatement(sql.text())) {
            parameters.apply(statement);
            return unit.ask(statement::executeUpdate);
        } catch (SQLException e) {
            throw unit.failure(e);
        }
    }
}
