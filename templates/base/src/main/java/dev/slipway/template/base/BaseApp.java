package dev.slipway.template.base;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.Grpc;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformSettings;
import dev.slipway.template.base.widget.WidgetApi;
import dev.slipway.template.base.widget.Widgets;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The base service: keeps widgets in PostgreSQL and serves them by REST.
public final class BaseApp extends ServiceDefinition<BaseApp.Settings> {

    /// The sections of `settings.yaml`.
    public record Settings(PlatformSettings platform, GrpcSettings grpc, GraphQlSettings graphql, HttpSettings http) {}

    public BaseApp() {
        super("base-service", Settings.class);
    }

    public static void main(String[] args) {
        Slipway.run(new BaseApp(), args);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var platform = Platform.open(service, settings.platform(), BaseApp.class);
        var widgets = new WidgetApi(new Widgets(platform.database(), platform.clock()));

        var graphql = GraphQl.open(platform, settings.graphql()).graph(widgets.graph());
        Rest.open(platform, settings.http()).mount(graphql::mount).routes(widgets.routes());
        Grpc.open(platform, settings.grpc()).services(widgets.grpc());
    }
}
