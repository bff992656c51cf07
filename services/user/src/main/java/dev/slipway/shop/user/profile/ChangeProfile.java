package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
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
                .refuses(Profile.MISSING, Profile.EMAIL_TAKEN)
                .handle(call -> switch (profiles.change(call.get(Profile.ID), call.expectedVersion(), call.input())) {
                    case Write.Done(var profile) -> Outcome.done(profile).version(profile.version());
                    case Write.Taken() -> Outcome.refused(Profile.EMAIL_TAKEN);
                    case Write.Stale() -> Outcome.refused(Problem.stale());
                    case Write.Missing() -> Outcome.refused(Profile.MISSING);
                });
    }
}
