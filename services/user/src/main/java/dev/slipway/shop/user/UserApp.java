package dev.slipway.shop.user;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.Grpc;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformSettings;
import dev.slipway.shop.user.profile.ProfileApi;
import dev.slipway.shop.user.profile.Profiles;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The user service: who the users are: their profiles in PostgreSQL, by REST.
public final class UserApp extends ServiceDefinition<UserApp.Settings> {

    /// The sections of `settings.yaml`.
    public record Settings(PlatformSettings platform, GrpcSettings grpc, GraphQlSettings graphql, HttpSettings http) {}

    public UserApp() {
        super("user-service", Settings.class);
    }

    public static void main(String[] args) {
        Slipway.run(new UserApp(), args);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var platform = Platform.open(service, settings.platform(), UserApp.class);
        var profiles = new ProfileApi(new Profiles(platform.database(), platform.clock()));

        var graphql = GraphQl.open(platform, settings.graphql()).graph(profiles.graph());
        Rest.open(platform, settings.http()).mount(graphql::mount).routes(profiles.routes());
        Grpc.open(platform, settings.grpc()).services(profiles.grpc());
    }
}
