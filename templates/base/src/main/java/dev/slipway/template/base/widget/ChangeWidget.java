package dev.slipway.template.base.widget;

import dev.slipway.core.Problem;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
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
                .refuses(Widget.MISSING, Widget.NAME_TAKEN)
                .handle(call -> switch (widgets.change(call.get(Widget.ID), call.expectedVersion(), call.input())) {
                    case Write.Done(var widget) -> Outcome.done(widget).version(widget.version());
                    case Write.Taken() -> Outcome.refused(Widget.NAME_TAKEN);
                    case Write.Stale() -> Outcome.refused(Problem.stale());
                    case Write.Missing() -> Outcome.refused(Widget.MISSING);
                });
    }
}
