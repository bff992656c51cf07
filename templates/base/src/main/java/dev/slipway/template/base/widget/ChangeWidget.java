package dev.slipway.template.base.widget;

import static dev.slipway.template.base.widget.WidgetRefusals.NAME_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Changes a widget: only if nobody changed it in between.
final class ChangeWidget {
    private ChangeWidget() {}

    static Operation<WidgetInput, Widget> operation(Widgets widgets) {
        return Operation.named("changeWidget", "Changes a widget")
                .on(Widget.ID)
                .input(WidgetInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Widget.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, NAME_TAKEN)
                .handle(call -> switch (widgets.change(call.get(Widget.ID), call.expectedVersion(), call.input())) {
                    case Widgets.Changed(var widget) -> Outcome.done(widget).version(widget.version());
                    case Widgets.NameTaken() -> WidgetRefusals.nameTaken();
                    case Widgets.Stale() -> WidgetRefusals.stale();
                    case Widgets.Missing() -> WidgetRefusals.missing();
                });
    }
}
