package dev.slipway.template.base.widget;

import static dev.slipway.template.base.widget.WidgetReplies.NAME_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `PUT /v1/widgets/{id}`: only if nobody changed it in between.
public final class ChangeWidget {
    private ChangeWidget() {}

    public static Route<?> route(Widgets widgets) {
        return Route.put("/widgets/{id}")
                .named("changeWidget", "Changes a widget")
                .path(Widget.ID)
                .body(WidgetInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .answers(200, Widget.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, NAME_TAKEN)
                .handle(call -> switch (widgets.change(call.get(Widget.ID), call.expectedVersion(), call.input())) {
                    case Widgets.Changed(var widget) -> Reply.ok(widget).version(widget.version());
                    case Widgets.NameTaken() -> WidgetReplies.nameTaken();
                    case Widgets.Stale() -> WidgetReplies.stale();
                    case Widgets.Missing() -> WidgetReplies.missing();
                });
    }
}
