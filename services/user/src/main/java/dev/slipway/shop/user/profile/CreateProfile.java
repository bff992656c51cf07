package dev.slipway.shop.user.profile;

import static dev.slipway.shop.user.profile.ProfileReplies.EMAIL_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.security.Policy;
import dev.slipway.web.Reply;
import dev.slipway.web.Route;

/// `POST /v1/users`
public final class CreateProfile {
    private CreateProfile() {}

    public static Route<?> route(Profiles profiles) {
        return Route.post("/users")
                .named("createProfile", "Creates a user's profile")
                .body(ProfileInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .answers(201, Profile.class)
                .refuses(Kind.CONFLICT, EMAIL_TAKEN)
                .handle(call -> switch (profiles.create(call.input())) {
                    case Profiles.Created(var profile) ->
                        Reply.created("/v1/users/" + profile.id(), profile).version(profile.version());
                    case Profiles.EmailTaken() -> ProfileReplies.emailTaken();
                });
    }
}
