package dev.slipway.template.base.widget;

import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.util.List;

/// Widgets by REST, below `/v1`.
public final class WidgetRoutes {
    private WidgetRoutes() {}

    public static List<Addressed> of(WidgetOperations widgets) {
        return List.of(
                Route.post("/widgets", widgets.create()).created(widget -> "/v1/widgets/" + widget.id()),
                Route.get("/widgets/{id}", widgets.read()),
                Route.get("/widgets", widgets.list()),
                Route.put("/widgets/{id}", widgets.change()),
                Route.delete("/widgets/{id}", widgets.delete()));
    }
}
