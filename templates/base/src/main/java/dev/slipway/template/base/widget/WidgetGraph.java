package dev.slipway.template.base.widget;

import dev.slipway.graphql.Graph;

/// Widgets by GraphQL, as `api/graphql/widgets.graphqls` says.
public final class WidgetGraph {
    private WidgetGraph() {}

    public static Graph of(WidgetOperations widgets) {
        return Graph.schema(WidgetGraph.class, "/dev/slipway/template/base/graphql/widgets.graphqls")
                .type("Widget", Widget.class)
                .type("WidgetSort", ListWidgets.Sort.class)
                .query("widget", widgets.read())
                .connection("widgets", widgets.list(), query -> query.order()::after)
                .mutation("createWidget", widgets.create())
                .mutation("changeWidget", widgets.change())
                .mutation("deleteWidget", widgets.delete());
    }
}
