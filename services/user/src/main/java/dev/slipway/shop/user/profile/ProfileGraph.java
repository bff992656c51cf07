package dev.slipway.shop.user.profile;

import dev.slipway.graphql.Graph;

/// Profiles by GraphQL, as `api/graphql/users.graphqls` says.
public final class ProfileGraph {
    private ProfileGraph() {}

    public static Graph of(ProfileOperations profiles) {
        return Graph.schema(ProfileGraph.class, "/dev/slipway/shop/user/graphql/users.graphqls")
                .type("User", Profile.class)
                .type("UserStatus", Profile.Status.class)
                .type("UserSort", ListProfiles.Sort.class)
                .query("user", profiles.read())
                .connection("users", profiles.list(), query -> query.order()::after)
                .mutation("createUser", profiles.create())
                .mutation("changeUser", profiles.change())
                .mutation("deleteUser", profiles.delete());
    }
}
