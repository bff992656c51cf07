package dev.slipway.shop.user.profile;

import static dev.slipway.shop.user.profile.ProfileRefusals.EMAIL_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Creates a profile.
final class CreateProfile {
    private CreateProfile() {}

    static Operation<ProfileInput, Profile> operation(Profiles profiles) {
        return Operation.named("createProfile", "Creates a user's profile")
                .input(ProfileInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Profile.class)
                .refuses(Kind.CONFLICT, EMAIL_TAKEN)
                .handle(call -> switch (profiles.create(call.input())) {
                    case Profiles.Created(var profile) -> Outcome.done(profile).version(profile.version());
                    case Profiles.EmailTaken() -> ProfileRefusals.emailTaken();
                });
    }
}
