package dev.slipway.template.base.widget;

import static dev.slipway.template.base.widget.WidgetRefusals.NAME_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Creates a widget.
final class CreateWidget {
    private CreateWidget() {}

    static Operation<WidgetInput, Widget> operation(Widgets widgets) {
        return Operation.named("createWidget", "Creates a widget")
                .input(WidgetInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Widget.class)
                .refuses(Kind.CONFLICT, NAME_TAKEN)
                .handle(call -> switch (widgets.create(call.input())) {
                    case Widgets.Created(var widget) -> Outcome.done(widget).version(widget.version());
                    case Widgets.NameTaken() -> WidgetRefusals.nameTaken();
                });
    }
}
