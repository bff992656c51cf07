package dev.slipway.shop.user.profile;

import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.util.List;

/// Profiles by REST, below `/v1`.
public final class ProfileRoutes {
    private ProfileRoutes() {}

    public static List<Addressed> of(ProfileOperations profiles) {
        return List.of(
                Route.post("/users", profiles.create()).created(profile -> "/v1/users/" + profile.id()),
                Route.get("/users/{id}", profiles.read()),
                Route.get("/users", profiles.list()),
                Route.put("/users/{id}", profiles.change()),
                Route.delete("/users/{id}", profiles.delete()));
    }
}
