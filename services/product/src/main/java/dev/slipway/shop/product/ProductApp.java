package dev.slipway.shop.product;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.grpc.Grpc;
import dev.slipway.grpc.GrpcSettings;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformSettings;
import dev.slipway.postgres.Notifications;
import dev.slipway.shop.product.catalogue.Imports;
import dev.slipway.shop.product.catalogue.PriceFeed;
import dev.slipway.shop.product.catalogue.Prices;
import dev.slipway.shop.product.catalogue.ProductGraph;
import dev.slipway.shop.product.catalogue.ProductGrpc;
import dev.slipway.shop.product.catalogue.ProductOperations;
import dev.slipway.shop.product.catalogue.ProductRoutes;
import dev.slipway.shop.product.catalogue.Products;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The product service: what the shop sells: products, their variants and prices in PostgreSQL.
public final class ProductApp implements ServiceDefinition<ProductApp.Settings> {

    /// The sections of `settings.yaml`.
    public record Settings(PlatformSettings platform, GrpcSettings grpc, GraphQlSettings graphql, HttpSettings http) {}

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
        var platform = Platform.open(service, settings.platform(), ProductApp.class);
        var prices = new Prices(platform.database(), platform.clock());
        var products = new Products(platform.database(), platform.clock(), prices);
        var feed = new PriceFeed(prices, platform.meters());
        Notifications.open(service, platform.database()).on(Prices.CHANNEL, feed);
        var catalogue = ProductOperations.of(products, prices, feed, new Imports(platform.database(), products));

        var graphql = GraphQl.open(platform, settings.graphql()).graph(ProductGraph.of(catalogue));
        Rest.open(platform, settings.http()).mount(graphql::mount).routes(ProductRoutes.of(catalogue));
        Grpc.open(platform, settings.grpc()).services(ProductGrpc.of(catalogue));
    }
}
