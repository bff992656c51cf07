package dev.slipway.shop.user.profile;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
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
                .refuses(Profile.EMAIL_TAKEN)
                .handle(call -> switch (profiles.create(call.input())) {
                    case Write.Done(var profile) -> Outcome.done(profile).version(profile.version());
                    case Write.Taken() -> Outcome.refused(Profile.EMAIL_TAKEN);
                });
    }
}
