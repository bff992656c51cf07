package dev.slipway.template.base.widget;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Reads one widget.
final class ReadWidget {
    private ReadWidget() {}

    static Operation<Nothing, Widget> operation(Widgets widgets) {
        return Operation.named("readWidget", "Reads a widget")
                .on(Widget.ID)
                .policy(Policy.authenticated())
                .output(Widget.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> widgets.find(call.get(Widget.ID))
                        .<Outcome<Widget>>map(widget -> Outcome.done(widget).version(widget.version()))
                        .orElseGet(WidgetRefusals::missing));
    }
}
