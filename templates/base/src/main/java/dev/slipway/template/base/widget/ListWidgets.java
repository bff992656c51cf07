package dev.slipway.template.base.widget;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists widgets: filtered, sorted, page by page.
public final class ListWidgets {
    private ListWidgets() {}

    /// @param search a part of the name, in any case
    /// @param cursor the `next` of the page before
    public record Query(
            @Size(max = 100) @Nullable String search,
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        Sort order() {
            return sort == null ? Sort.NAME : sort;
        }

        int size() {
            return limit == null ? 20 : limit;
        }
    }

    /// The orders that have an index; the id makes each of them total.
    public enum Sort {
        @JsonProperty("name")
        NAME("name, id", "(name, id) > (:value, :id)", Widget::name, text -> text),
        @JsonProperty("-name")
        NAME_DESCENDING("name desc, id desc", "(name, id) < (:value, :id)", Widget::name, text -> text),
        @JsonProperty("created")
        CREATED("created_at, id", "(created_at, id) > (:value, :id)", Widget::createdAt, Instant::parse),
        @JsonProperty("-created")
        CREATED_DESCENDING(
                "created_at desc, id desc", "(created_at, id) < (:value, :id)", Widget::createdAt, Instant::parse);

        private final String order;
        private final String following;
        private final Function<Widget, Object> value;
        private final Function<String, Object> parser;

        Sort(String order, String following, Function<Widget, Object> value, Function<String, Object> parser) {
            this.order = order;
            this.following = following;
            this.value = value;
            this.parser = parser;
        }

        /// The columns, in SQL.
        String order() {
            return order;
        }

        /// The condition for the rows behind a cursor, in SQL.
        String following() {
            return following;
        }

        Cursor after(Widget last) {
            return Cursor.of(name(), value.apply(last), last.id());
        }

        Optional<Cursor> parse(@Nullable String cursor) {
            return Cursor.decode(cursor, name(), List.of(parser, UUID::fromString));
        }
    }

    static Operation<Query, Page<Widget>> operation(Widgets widgets) {
        return Operation.named("listWidgets", "Lists widgets")
                .input(Query.class)
                .policy(Policy.authenticated())
                .pageOf(Widget.class)
                .read(call -> {
                    var query = call.input();
                    var sort = query.order();
                    var after = sort.parse(query.cursor());
                    var found = widgets.list(Optional.ofNullable(query.search()), sort, after, query.size());
                    return Outcome.done(Page.of(found, query.size(), sort::after));
                });
    }
}
