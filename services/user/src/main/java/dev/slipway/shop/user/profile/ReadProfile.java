package dev.slipway.shop.user.profile;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Reads one profile.
final class ReadProfile {
    private ReadProfile() {}

    static Operation<Nothing, Profile> operation(Profiles profiles) {
        return Operation.named("readProfile", "Reads a user's profile")
                .on(Profile.ID)
                .policy(Policy.anyRole("admin", "support").or(Policy.subjectIs("id")))
                .output(Profile.class)
                .refuses(Profile.MISSING)
                .read(call -> Outcome.found(profiles.find(call.get(Profile.ID)), Profile::version, Profile.MISSING));
    }
}
