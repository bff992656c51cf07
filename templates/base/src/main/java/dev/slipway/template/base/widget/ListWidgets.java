package dev.slipway.template.base.widget;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.postgres.Column;
import dev.slipway.postgres.Order;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Lists widgets: filtered, sorted, page by page.
public final class ListWidgets {
    private static final Column<Widget> ID = Column.uuid("id", Widget::id);
    private static final Order<Widget> BY_NAME = Order.by(Column.text("name", Widget::name), ID);
    private static final Order<Widget> BY_AGE = Order.by(Column.instant("created_at", Widget::createdAt), ID);

    private ListWidgets() {}

    /// @param search a part of the name, in any case
    /// @param cursor the `next` of the page before
    public record Query(
            @Size(max = 100) @Nullable String search,
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        Order<Widget> order() {
            return sort == null ? BY_NAME : sort.order;
        }

        Order.Part<Widget> part() {
            return order().part(cursor, limit == null ? 20 : limit);
        }
    }

    /// The orders that have an index.
    public enum Sort {
        @JsonProperty("name")
        NAME(BY_NAME),
        @JsonProperty("-name")
        NAME_DESCENDING(BY_NAME.descending()),
        @JsonProperty("created")
        CREATED(BY_AGE),
        @JsonProperty("-created")
        CREATED_DESCENDING(BY_AGE.descending());

        private final Order<Widget> order;

        Sort(Order<Widget> order) {
            this.order = order;
        }
    }

    static Operation<Query, Page<Widget>> operation(Widgets widgets) {
        return Operation.named("listWidgets", "Lists widgets")
                .input(Query.class)
                .policy(Policy.authenticated())
                .pageOf(Widget.class)
                .read(call -> Outcome.done(widgets.list(call.input())));
    }
}
