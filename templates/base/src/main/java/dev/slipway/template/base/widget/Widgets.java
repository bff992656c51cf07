package dev.slipway.template.base.widget;

import dev.slipway.operation.Page;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Like;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Write;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The widgets in PostgreSQL. Names are unique. Thread-safe.
public final class Widgets {
    private static final String COLUMNS = "id, name, description, version, created_at, updated_at";
    private static final String CURRENT_VERSION = "select version from widgets where id = :id";
    private static final String UNIQUE_NAME = "widgets_name_key";

    private final Database database;
    private final Clock clock;

    public Widgets(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Write.Unique<Widget> create(WidgetInput input) {
        return Write.unique(
                UNIQUE_NAME,
                () -> database.write(sql -> sql.query("""
                        insert into widgets (name, description, created_at, updated_at)
                        values (:name, :description, :now, :now)
                        returning %s
                        """.formatted(COLUMNS))
                        .bind("name", input.name())
                        .bind("description", input.description())
                        .bind("now", clock.instant())
                        .map(Widgets::widget)
                        .one()));
    }

    Optional<Widget> find(UUID id) {
        return database.read(sql -> sql.query("select " + COLUMNS + " from widgets where id = :id")
                .bind("id", id)
                .map(Widgets::widget)
                .findOne());
    }

    Page<Widget> list(ListWidgets.Query query) {
        return database.read(sql -> sql.page(
                        "select " + COLUMNS + " from widgets where (:search::text is null or name ilike :search)",
                        query.part())
                .bind("search", Like.containing(query.search()))
                .map(Widgets::widget));
    }

    /// @param expected the version that the client has seen; empty for any
    Write.UniqueVersioned<Widget> change(UUID id, OptionalLong expected, WidgetInput input) {
        return Write.uniqueVersioned(
                UNIQUE_NAME,
                () -> database.write(sql -> sql.query("""
                        update widgets
                        set name = :name, description = :description,
                            updated_at = greatest(:now, updated_at), version = version + 1
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                        .bind("id", id)
                        .bind("expected", expected)
                        .bind("name", input.name())
                        .bind("description", input.description())
                        .bind("now", clock.instant())
                        .map(Widgets::widget)
                        .versioned(CURRENT_VERSION)));
    }

    /// @param expected the version that the client has seen; empty for any
    Write.Versioned<Widget> delete(UUID id, OptionalLong expected) {
        return database.write(sql -> sql.query("""
                        delete from widgets
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                .bind("id", id)
                .bind("expected", expected)
                .map(Widgets::widget)
                .versioned(CURRENT_VERSION));
    }

    private static Widget widget(Row row) {
        return new Widget(
                row.uuid("id"),
                row.text("name"),
                row.find("description", String.class),
                row.bigint("version"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
