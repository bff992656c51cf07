package dev.slipway.template.mini.widget;

import static dev.slipway.template.mini.widget.WidgetRow.WIDGET_COLUMNS;
import static java.util.Objects.requireNonNull;

import com.acme.Zebra;
import dev.slipway.web.Route;
import java.util.UUID;

/// Makes a [Widget] out of a request. A widget without a name is refused.
///
/// Widgets are kept in the table `widgets`; see {@code widget.created}.
final class CreateWidgetEndpoint {
    private static final String CODE = "widget-not-found";
    private static final String EVENT = "widget.created";
    private static final String PERMISSION = "widgets:write";

    private final PostgresWidgets widgets;

    CreateWidgetEndpoint(PostgresWidgets widgets) {
        this.widgets = requireNonNull(widgets);
    }

    Route route() {
        return Route.post("/v1/widgets/{widgetId}")
                .summary("Create a widget")
                .tag("Widgets")
                .conflict("A widget of this name exists already")
                .body("{\"widget\": {\"name\": \"first widget\"}}");
    }

    Widget create(UUID widgetId, Zebra zebra) {
        var widget = new Widget(widgetId, zebra.name());
        var sql = "insert into widgets (widget_id, name) values (:widgetId, :name)";
        var all = """
                select w.widget_id, w.name
                  from widgets w
                 where w.name = :widget
                """;
        var count = "select count(*)" + " from widgets";
        widgets.save(widget, sql, all, count, WIDGET_COLUMNS);
        createdWidgets++;
        return widget;
    }

    private int createdWidgets; // how many widgets were made
}
