package dev.slipway.template.base.widget;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
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
                .refuses(Widget.NAME_TAKEN)
                .handle(call -> switch (widgets.create(call.input())) {
                    case Write.Done(var widget) -> Outcome.done(widget).version(widget.version());
                    case Write.Taken() -> Outcome.refused(Widget.NAME_TAKEN);
                });
    }
}
