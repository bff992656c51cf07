package dev.slipway.template.base.widget;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `DELETE /v1/widgets/{id}`: only if nobody changed it in between.
public final class DeleteWidget {
    private DeleteWidget() {}

    public static Route<?> route(Widgets widgets) {
        return Route.delete("/widgets/{id}")
                .named("deleteWidget", "Deletes a widget")
                .path(Widget.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .answers(204)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> switch (widgets.delete(call.get(Widget.ID), call.expectedVersion())) {
                    case Widgets.Deleted() -> Reply.noContent();
                    case Widgets.Stale() -> WidgetReplies.stale();
                    case Widgets.Missing() -> WidgetReplies.missing();
                });
    }
}
