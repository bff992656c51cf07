package dev.slipway.template.base.widget;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.web.Reply;

/// What clients are told when something cannot be done with a widget.
final class WidgetReplies {
    static final String NAME_TAKEN = "name-taken";

    private WidgetReplies() {}

    static Reply nameTaken() {
        return Reply.refused(Problem.of(Kind.CONFLICT, NAME_TAKEN, "Another widget has this name."));
    }

    static Reply stale() {
        return Reply.refused(Problem.stale());
    }

    static Reply missing() {
        return Reply.refused(Problem.notFound("There is no such widget."));
    }
}
