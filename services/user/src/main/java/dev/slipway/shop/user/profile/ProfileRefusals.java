package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Outcome;

/// What clients are told when something cannot be done with a profile.
final class ProfileRefusals {
    static final String EMAIL_TAKEN = "email-taken";

    private ProfileRefusals() {}

    static <O> Outcome<O> emailTaken() {
        return Outcome.refused(Problem.of(Kind.CONFLICT, EMAIL_TAKEN, "Another user has this e-mail address."));
    }

    static <O> Outcome<O> stale() {
        return Outcome.refused(Problem.stale());
    }

    static <O> Outcome<O> missing() {
        return Outcome.refused(Problem.notFound("There is no such user."));
    }
}
