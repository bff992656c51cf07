package dev.slipway.shop.user.profile;

import static dev.slipway.shop.user.profile.ProfileReplies.EMAIL_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `PUT /v1/users/{id}`: only if nobody changed it in between.
public final class ChangeProfile {
    private ChangeProfile() {}

    public static Route<?> route(Profiles profiles) {
        return Route.put("/users/{id}")
                .named("changeProfile", "Changes a user's profile")
                .path(Profile.ID)
                .body(ProfileInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .answers(200, Profile.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, EMAIL_TAKEN)
                .handle(call -> switch (profiles.change(call.get(Profile.ID), call.expectedVersion(), call.input())) {
                    case Profiles.Changed(var profile) -> Reply.ok(profile).version(profile.version());
                    case Profiles.EmailTaken() -> ProfileReplies.emailTaken();
                    case Profiles.Stale() -> ProfileReplies.stale();
                    case Profiles.Missing() -> ProfileReplies.missing();
                });
    }
}
