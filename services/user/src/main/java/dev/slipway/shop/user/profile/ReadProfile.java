package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem.Kind;
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
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> profiles.find(call.get(Profile.ID))
                        .<Outcome<Profile>>map(profile -> Outcome.done(profile).version(profile.version()))
                        .orElseGet(ProfileRefusals::missing));
    }
}
