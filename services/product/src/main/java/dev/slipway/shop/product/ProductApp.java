package dev.slipway.shop.product;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.Grpc;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.operation.Operations;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Notifications;
import dev.slipway.postgres.PostgresIdempotency;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.RateLimits;
import dev.slipway.security.TokenSettings;
import dev.slipway.security.Tokens;
import dev.slipway.shop.product.catalogue.Imports;
import dev.slipway.shop.product.catalogue.PriceFeed;
import dev.slipway.shop.product.catalogue.Prices;
import dev.slipway.shop.product.catalogue.ProductGraph;
import dev.slipway.shop.product.catalogue.ProductGrpc;
import dev.slipway.shop.product.catalogue.ProductOperations;
import dev.slipway.shop.product.catalogue.ProductRoutes;
import dev.slipway.shop.product.catalogue.Products;
import dev.slipway.telemetry.Telemetry;
import dev.slipway.telemetry.TelemetrySettings;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The product service: what the shop sells: products, their variants and prices in PostgreSQL.
public final class ProductApp implements ServiceDefinition<ProductApp.Settings> {

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
        Slipway.run(new ProductApp(), args);
    }

    @Override
    public String name() {
        return "product-service";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var meters = Telemetry.open(service, settings.telemetry()).registry();
        var tokens = Tokens.open(service, settings.tokens(), meters);
        var database = Database.open(service, settings.postgres(), meters, ProductApp.class);
        var idempotency =
                PostgresIdempotency.open(service, database, settings.postgres().idempotencyKeep());
        var limits = RateLimits.open(service, settings.limits(), meters);
        var operations = Operations.open(service, tokens).limits(limits).idempotency(idempotency);
        var prices = new Prices(database, service.clock());
        var products = new Products(database, service.clock(), prices);
        var feed = new PriceFeed(prices, meters);
        Notifications.open(service, database).on(Prices.CHANNEL, feed);
        var catalogue = ProductOperations.of(products, prices, feed, new Imports(database, products));

        var graphql =
                GraphQl.open(service, settings.graphql(), meters, operations).graph(ProductGraph.of(catalogue));
        Rest.open(service, settings.http(), meters, operations)
                .mount(graphql::mount)
                .routes(ProductRoutes.of(catalogue));
        Grpc.open(service, settings.grpc(), meters, operations).services(ProductGrpc.of(catalogue));
    }
}
