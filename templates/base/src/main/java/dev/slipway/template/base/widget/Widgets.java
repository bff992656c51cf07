package dev.slipway.template.base.widget;

import dev.slipway.operation.Cursor;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.DatabaseException.ConstraintViolated;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Versioned;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The widgets in PostgreSQL. Names are unique. Thread-safe.
public final class Widgets {
    private static final String COLUMNS = "id, name, description, version, created_at, updated_at";
    private static final String CURRENT_VERSION = "select version from widgets where id = :id";
    private static final String UNIQUE_NAME = "widgets_name_key";

    private final Database database;
    private final Clock clock;

    sealed interface Creation permits Created, NameTaken {}

    sealed interface Change permits Changed, NameTaken, Stale, Missing {}

    sealed interface Deletion permits Deleted, Stale, Missing {}

    record Created(Widget widget) implements Creation {}

    record Changed(Widget widget) implements Change {}

    record Deleted() implements Deletion {}

    record NameTaken() implements Creation, Change {}

    /// The widget has changed since the client saw it.
    record Stale() implements Change, Deletion {}

    record Missing() implements Change, Deletion {}

    public Widgets(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Creation create(WidgetInput input) {
        try {
            return new Created(database.write(sql -> sql.query("""
                            insert into widgets (name, description, created_at, updated_at)
                            values (:name, :description, :now, :now)
                            returning %s
                            """.formatted(COLUMNS))
                    .bind("name", input.name())
                    .bind("description", input.description())
                    .bind("now", clock.instant())
                    .map(Widgets::widget)
                    .one()));
        } catch (ConstraintViolated e) {
            return nameTaken(e);
        }
    }

    Optional<Widget> find(UUID id) {
        return database.read(sql -> sql.query("select " + COLUMNS + " from widgets where id = :id")
                .bind("id", id)
                .map(Widgets::widget)
                .findOne());
    }

    /// Up to one more than `limit`, in the order of `sort`, after the cursor.
    List<Widget> list(Optional<String> search, ListWidgets.Sort sort, Optional<Cursor> after, int limit) {
        var text = "select " + COLUMNS + " from widgets where (:search::text is null or name ilike :search)"
                + after.map(cursor -> " and " + sort.following()).orElse("")
                + " order by " + sort.order() + " limit :rows";
        return database.read(sql -> {
            var query = sql.query(text)
                    .bind("search", search.map(part -> "%" + part.replaceAll("([\\\\%_])", "\\\\$1") + "%"))
                    .bind("rows", limit + 1);
            after.ifPresent(cursor -> query.bind("value", cursor.values().getFirst())
                    .bind("id", cursor.values().getLast()));
            return query.map(Widgets::widget).list();
        });
    }

    /// @param expected the version that the client has seen; empty for any
    Change change(UUID id, OptionalLong expected, WidgetInput input) {
        try {
            var written = database.write(sql -> sql.query("""
                            update widgets
                            set name = :name, description = :description, updated_at = :now, version = version + 1
                            where id = :id and (:expected::bigint is null or version = :expected)
                            returning %s
                            """.formatted(COLUMNS))
                    .bind("id", id)
                    .bind("expected", boxed(expected))
                    .bind("name", input.name())
                    .bind("description", input.description())
                    .bind("now", clock.instant())
                    .map(Widgets::widget)
                    .versioned(CURRENT_VERSION));
            return switch (written) {
                case Versioned.Written<Widget>(var widget) -> new Changed(widget);
                case Versioned.Stale<Widget> _ -> new Stale();
                case Versioned.Missing<Widget> _ -> new Missing();
            };
        } catch (ConstraintViolated e) {
            return nameTaken(e);
        }
    }

    /// @param expected the version that the client has seen; empty for any
    Deletion delete(UUID id, OptionalLong expected) {
        var written = database.write(sql -> sql.query("""
                        delete from widgets
                        where id = :id and (:expected::bigint is null or version = :expected)
                        returning %s
                        """.formatted(COLUMNS))
                .bind("id", id)
                .bind("expected", boxed(expected))
                .map(Widgets::widget)
                .versioned(CURRENT_VERSION));
        return switch (written) {
            case Versioned.Written<Widget> _ -> new Deleted();
            case Versioned.Stale<Widget> _ -> new Stale();
            case Versioned.Missing<Widget> _ -> new Missing();
        };
    }

    private static NameTaken nameTaken(ConstraintViolated e) {
        if (e.constraint().equals(UNIQUE_NAME)) {
            return new NameTaken();
        }
        throw e;
    }

    private static @Nullable Long boxed(OptionalLong version) {
        return version.isPresent() ? version.getAsLong() : null;
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
