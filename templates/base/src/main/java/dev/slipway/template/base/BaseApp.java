package dev.slipway.template.base;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.Grpc;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.operation.Operations;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.RateLimits;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.telemetry.Telemetry;
import dev.slipway.telemetry.TelemetrySettings;
import dev.slipway.template.base.widget.WidgetGraph;
import dev.slipway.template.base.widget.WidgetGrpc;
import dev.slipway.template.base.widget.WidgetOperations;
import dev.slipway.template.base.widget.WidgetRoutes;
import dev.slipway.template.base.widget.Widgets;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The base service: keeps widgets in PostgreSQL and serves them by REST.
public final class BaseApp implements ServiceDefinition<BaseApp.Settings> {

    /// The sections of `settings.yaml`.
    public record Settings(
            TelemetrySettings telemetry,
            TokenSettings tokens,
            LimitSettings limits,
            PostgresSettings postgres,
            GrpcSettings grpc,
            GraphQlSettings graphql,
            HttpSettings http) {}

    public static void main(String[] args) {
        Slipway.run(new BaseApp(), args);
    }

    @Override
    public String name() {
        return "base-service";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var database = Database.open(service, settings.postgres(), meters, BaseApp.class);
        var idempotency =
                PostgresIdempotency.open(service, database, settings.postgres().idempotencyKeep());
        var limits = RateLimits.open(service, settings.limits(), meters);
        var operations = Operations.open(service, tokens).limits(limits).idempotency(idempotency);
        var widgets = WidgetOperations.of(new Widgets(database, service.clock()));

        var graphql =
                GraphQl.open(service, settings.graphql(), meters, operations).graph(WidgetGraph.of(widgets));
        Rest.open(service, settings.http(), meters, operations)
                .mount(graphql::mount)
                .routes(WidgetRoutes.of(widgets));
        Grpc.open(service, settings.grpc(), meters, operations).services(WidgetGrpc.of(widgets));
    }
}
