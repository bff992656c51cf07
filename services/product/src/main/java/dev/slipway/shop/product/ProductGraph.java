package dev.slipway.shop.product;

import dev.slipway.graphql.Graph;
import dev.slipway.shop.product.catalogue.CatalogueOperations;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.ProductSort;
import dev.slipway.shop.product.price.PriceOperations;
import dev.slipway.shop.product.price.ReadPrices;

/// All slices by GraphQL, as the one schema in `api/graphql` says. A page of products is read in two statements with its
/// variants and prices, so nothing has to be loaded for each of them.
final class ProductGraph {
    private ProductGraph() {}

    static Graph of(CatalogueOperations catalogue, PriceOperations prices) {
        return Graph.schema(ProductGraph.class, "graphql/products.graphqls")
                .type("Product", Product.class)
                .type("Price", Price.class)
                .type("ProductStatus", Product.Status.class)
                .type("ProductSort", ProductSort.class)
                .query("product", catalogue.read)
                .query("productBySlug", catalogue.readBySlug)
                .connection("products", catalogue.list, query -> query.order()::after)
                .connection("prices", prices.read, query -> ReadPrices::cursor)
                .query("catalogueProduct", catalogue.review)
                .connection("catalogue", catalogue.reviewAll, query -> query.order()::after)
                .mutation("createProduct", catalogue.create)
                .mutation("changeProduct", catalogue.change)
                .mutation("retireProduct", catalogue.retire)
                .mutation("changePrice", prices.change)
                .subscription("priceChanged", prices.watch);
    }
}
