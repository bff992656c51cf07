package dev.slipway.template.base.widget;

import static dev.slipway.template.base.widget.WidgetReplies.NAME_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `POST /v1/widgets`
public final class CreateWidget {
    private CreateWidget() {}

    public static Route<?> route(Widgets widgets) {
        return Route.post("/widgets")
                .named("createWidget", "Creates a widget")
                .body(WidgetInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .answers(201, Widget.class)
                .refuses(Kind.CONFLICT, NAME_TAKEN)
                .handle(call -> switch (widgets.create(call.input())) {
                    case Widgets.Created(var widget) ->
                        Reply.created("/v1/widgets/" + widget.id(), widget).version(widget.version());
                    case Widgets.NameTaken() -> WidgetReplies.nameTaken();
                });
    }
}
