package dev.slipway.template.base.widget;

import dev.slipway.core.Problem;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
import dev.slipway.security.Policy;

/// Deletes a widget: only if nobody changed it in between.
final class DeleteWidget {
    private DeleteWidget() {}

    static Operation<Nothing, Nothing> operation(Widgets widgets) {
        return Operation.named("deleteWidget", "Deletes a widget")
                .on(Widget.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .refuses(Widget.MISSING)
                .handle(call -> switch (widgets.delete(call.get(Widget.ID), call.expectedVersion())) {
                    case Write.Done<Widget> _ -> Outcome.done();
                    case Write.Stale() -> Outcome.refused(Problem.stale());
                    case Write.Missing() -> Outcome.refused(Widget.MISSING);
                });
    }
}
