package dev.slipway.template.base.widget;

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
                .refuses(Widget.MISSING)
                .read(call -> Outcome.found(widgets.find(call.get(Widget.ID)), Widget::version, Widget.MISSING));
    }
}
