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
import dev.slipway.shop.product.catalogue.CatalogueApi;
import dev.slipway.shop.product.catalogue.imports.ImportApi;
import dev.slipway.shop.product.catalogue.imports.Imports;
import dev.slipway.shop.product.postgres.Prices;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.shop.product.price.PriceApi;
import dev.slipway.shop.product.price.PriceFeed;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;

/// The product service: what the shop sells: products, their variants and prices in PostgreSQL.
public final class ProductApp extends ServiceDefinition<ProductApp.Settings> {

    /// The sections of `settings.yaml`.
    public record Settings(PlatformSettings platform, GrpcSettings grpc, GraphQlSettings graphql, HttpSettings http) {}

    public ProductApp() {
        super("product-service", Settings.class);
    }

    public static void main(String[] args) {
        Slipway.run(new ProductApp(), args);
    }

    @Override
    public void assemble(Assembly service, Settings settings) {
        var platform = Platform.open(service, settings.platform(), ProductApp.class);
        var prices = new Prices(platform.database());
        var products = new Products(platform.database(), platform.clock(), prices);
        var feed = new PriceFeed(prices, platform.meters());
        Notifications.open(service, platform.database()).on(Prices.CHANNEL, feed);

        var api = new ProductApi(
                new CatalogueApi(products),
                new PriceApi(products, prices, feed),
                new ImportApi(new Imports(platform.database(), products)));

        var graphql = GraphQl.open(platform, settings.graphql()).graph(api.graph());
        Rest.open(platform, settings.http()).mount(graphql::mount).routes(api.routes());
        Grpc.open(platform, settings.grpc()).services(api.grpc());
    }
}
