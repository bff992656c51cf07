package dev.slipway.template.base.widget;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Deletes a widget: only if nobody changed it in between.
final class DeleteWidget {
    private DeleteWidget() {}

    static Operation<Nothing, Nothing> operation(Widgets widgets) {
        return Operation.named("deleteWidget", "Deletes a widget")
                .on(Widget.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> switch (widgets.delete(call.get(Widget.ID), call.expectedVersion())) {
                    case Widgets.Deleted() -> Outcome.done();
                    case Widgets.Stale() -> WidgetRefusals.stale();
                    case Widgets.Missing() -> WidgetRefusals.missing();
                });
    }
}
