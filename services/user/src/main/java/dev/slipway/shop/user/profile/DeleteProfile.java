package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.postgres.Write;
import dev.slipway.security.Policy;

/// Deletes a profile: only if nobody changed it in between.
final class DeleteProfile {
    private DeleteProfile() {}

    static Operation<Nothing, Nothing> operation(Profiles profiles) {
        return Operation.named("deleteProfile", "Deletes a user's profile")
                .on(Profile.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .refuses(Profile.MISSING)
                .handle(call -> switch (profiles.delete(call.get(Profile.ID), call.expectedVersion())) {
                    case Write.Done<Profile> _ -> Outcome.done();
                    case Write.Stale() -> Outcome.refused(Problem.stale());
                    case Write.Missing() -> Outcome.refused(Profile.MISSING);
                });
    }
}
