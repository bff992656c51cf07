package dev.slipway.template.base.widget;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `GET /v1/widgets/{id}`
public final class ReadWidget {
    private ReadWidget() {}

    public static Route<?> route(Widgets widgets) {
        return Route.get("/widgets/{id}")
                .named("readWidget", "Reads a widget")
                .path(Widget.ID)
                .policy(Policy.authenticated())
                .answers(200, Widget.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> widgets.find(call.get(Widget.ID))
                        .<Reply>map(widget -> Reply.ok(widget).version(widget.version()))
                        .orElseGet(WidgetReplies::missing));
    }
}
