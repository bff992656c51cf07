package dev.slipway.shop.user.profile;

import dev.slipway.graphql.Graph;
import dev.slipway.grpc.GrpcService;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.util.List;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;

/// What can be done with profiles, and where each protocol has it.
public final class ProfileApi {
    private final Operation<ProfileInput, Profile> create;
    private final Operation<Nothing, Profile> read;
    private final Operation<ListProfiles.Query, Page<Profile>> list;
    private final Operation<ProfileInput, Profile> change;
    private final Operation<Nothing, Nothing> delete;

    public ProfileApi(Profiles profiles) {
        create = CreateProfile.operation(profiles);
        read = ReadProfile.operation(profiles);
        list = ListProfiles.operation(profiles);
        change = ChangeProfile.operation(profiles);
        delete = DeleteProfile.operation(profiles);
    }

    /// By REST, below `/v1`.
    public List<Addressed> routes() {
        return List.of(
                Route.post("/users", create).created(profile -> "/v1/users/" + profile.id()),
                Route.get("/users/{id}", read),
                Route.get("/users", list),
                Route.put("/users/{id}", change),
                Route.delete("/users/{id}", delete));
    }

    /// By gRPC, as `api/proto` says.
    public GrpcService grpc() {
        return GrpcService.of(ProfileServiceGrpc.getServiceDescriptor()).operations(create, read, list, change, delete);
    }

    /// By GraphQL, as `api/graphql/users.graphqls` says.
    public Graph graph() {
        return Graph.schema(ProfileApi.class, "/dev/slipway/shop/user/graphql/users.graphqls")
                .type("User", Profile.class)
                .type("UserStatus", Profile.Status.class)
                .type("UserSort", ListProfiles.Sort.class)
                .query("user", read)
                .connection("users", list, query -> query.order()::after)
                .mutation("createUser", create)
                .mutation("changeUser", change)
                .mutation("deleteUser", delete);
    }
}
