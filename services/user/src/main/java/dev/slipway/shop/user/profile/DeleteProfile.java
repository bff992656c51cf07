package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `DELETE /v1/users/{id}`: only if nobody changed it in between.
public final class DeleteProfile {
    private DeleteProfile() {}

    public static Route<?> route(Profiles profiles) {
        return Route.delete("/users/{id}")
                .named("deleteProfile", "Deletes a user's profile")
                .path(Profile.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .answers(204)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> switch (profiles.delete(call.get(Profile.ID), call.expectedVersion())) {
                    case Profiles.Deleted() -> Reply.noContent();
                    case Profiles.Stale() -> ProfileReplies.stale();
                    case Profiles.Missing() -> ProfileReplies.missing();
                });
    }
}
