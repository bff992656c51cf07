package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.web.Reply;

/// What clients are told when something cannot be done with a profile.
final class ProfileReplies {
    static final String EMAIL_TAKEN = "email-taken";

    private ProfileReplies() {}

    static Reply emailTaken() {
        return Reply.refused(Problem.of(Kind.CONFLICT, EMAIL_TAKEN, "Another user has this e-mail address."));
    }

    static Reply stale() {
        return Reply.refused(Problem.stale());
    }

    static Reply missing() {
        return Reply.refused(Problem.notFound("There is no such user."));
    }
}
