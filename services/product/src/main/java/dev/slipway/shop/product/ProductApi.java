package dev.slipway.shop.product;

import dev.slipway.graphql.Graph;
import dev.slipway.grpc.GrpcService;
import dev.slipway.shop.product.catalogue.CatalogueApi;
import dev.slipway.shop.product.catalogue.ListProducts;
import dev.slipway.shop.product.catalogue.imports.ImportApi;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.price.PriceApi;
import dev.slipway.shop.product.price.ReadPrices;
import dev.slipway.web.Addressed;
import java.util.List;
import java.util.stream.Stream;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;

/// All slices: each has its own routes, and they share a proto service and a schema.
record ProductApi(CatalogueApi catalogue, PriceApi prices, ImportApi imports) {
    List<Addressed> routes() {
        return Stream.of(catalogue.routes(), imports.routes(), prices.routes())
                .flatMap(List::stream)
                .toList();
    }

    /// By gRPC, as `api/proto` says.
    GrpcService grpc() {
        return GrpcService.of(CatalogueServiceGrpc.getServiceDescriptor())
                .operations(catalogue.create, catalogue.read, catalogue.readBySlug, catalogue.list)
                .operations(catalogue.review, catalogue.reviewAll)
                .operations(catalogue.change, catalogue.retire)
                .operations(prices.change, prices.read)
                .streams(prices.watch, imports.run)
                .name("ChangePriceRequest.variant_id", "id")
                .name("ReadPricesRequest.variant_id", "id")
                .name("WatchPricesRequest.product_id", "product");
    }

    /// By GraphQL, as `api/graphql/products.graphqls` says. A page of products is read in two statements with its variants
    /// and prices, so nothing has to be loaded for each of them.
    Graph graph() {
        return Graph.schema(ProductApi.class, "/dev/slipway/shop/product/graphql/products.graphqls")
                .type("Product", Product.class)
                .type("Price", Price.class)
                .type("ProductStatus", Product.Status.class)
                .type("ProductSort", ListProducts.Sort.class)
                .query("product", catalogue.read)
                .query("productBySlug", catalogue.readBySlug)
                .connection("products", catalogue.list, query -> query.order()::after)
                .connection("prices", prices.read, query -> ReadPrices.NEWEST_FIRST::after)
                .query("catalogueProduct", catalogue.review)
                .connection("catalogue", catalogue.reviewAll, query -> query.order()::after)
                .mutation("createProduct", catalogue.create)
                .mutation("changeProduct", catalogue.change)
                .mutation("retireProduct", catalogue.retire)
                .mutation("changePrice", prices.change)
                .subscription("priceChanged", prices.watch);
    }
}
