package dev.slipway.shop.user.profile;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `GET /v1/users/{id}`
public final class ReadProfile {
    private ReadProfile() {}

    public static Route<?> route(Profiles profiles) {
        return Route.get("/users/{id}")
                .named("readProfile", "Reads a user's profile")
                .path(Profile.ID)
                .policy(Policy.anyRole("admin", "support").or(Policy.subjectIs("id")))
                .answers(200, Profile.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> profiles.find(call.get(Profile.ID))
                        .<Reply>map(profile -> Reply.ok(profile).version(profile.version()))
                        .orElseGet(ProfileReplies::missing));
    }
}
