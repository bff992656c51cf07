package dev.slipway.shop.user.profile;

import static dev.slipway.shop.user.profile.ProfileRefusals.EMAIL_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Changes a profile: only if nobody changed it in between.
final class ChangeProfile {
    private ChangeProfile() {}

    static Operation<ProfileInput, Profile> operation(Profiles profiles) {
        return Operation.named("changeProfile", "Changes a user's profile")
                .on(Profile.ID)
                .input(ProfileInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Profile.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, EMAIL_TAKEN)
                .handle(call -> switch (profiles.change(call.get(Profile.ID), call.expectedVersion(), call.input())) {
                    case Profiles.Changed(var profile) -> Outcome.done(profile).version(profile.version());
                    case Profiles.EmailTaken() -> ProfileRefusals.emailTaken();
                    case Profiles.Stale() -> ProfileRefusals.stale();
                    case Profiles.Missing() -> ProfileRefusals.missing();
                });
    }
}
