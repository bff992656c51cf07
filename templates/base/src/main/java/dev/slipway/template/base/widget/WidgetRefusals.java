package dev.slipway.template.base.widget;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Outcome;

/// What clients are told when something cannot be done with a widget.
final class WidgetRefusals {
    static final String NAME_TAKEN = "name-taken";

    private WidgetRefusals() {}

    static <O> Outcome<O> nameTaken() {
        return Outcome.refused(Problem.of(Kind.CONFLICT, NAME_TAKEN, "Another widget has this name."));
    }

    static <O> Outcome<O> stale() {
        return Outcome.refused(Problem.stale());
    }

    static <O> Outcome<O> missing() {
        return Outcome.refused(Problem.notFound("There is no such widget."));
    }
}
