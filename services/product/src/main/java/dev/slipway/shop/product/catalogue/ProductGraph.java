package dev.slipway.shop.product.catalogue;

import dev.slipway.graphql.Graph;

/// The catalogue by GraphQL, as `api/graphql/products.graphqls` says. A page of products is read in two statements with
/// its variants and prices, so nothing has to be loaded for each of them.
public final class ProductGraph {
    private ProductGraph() {}

    public static Graph of(ProductOperations catalogue) {
        return Graph.schema(ProductGraph.class, "/dev/slipway/shop/product/graphql/products.graphqls")
                .type("Product", Product.class)
                .type("Price", Price.class)
                .type("ProductStatus", Product.Status.class)
                .type("ProductSort", ProductSort.class)
                .query("product", catalogue.read())
                .query("productBySlug", catalogue.readBySlug())
                .connection("products", catalogue.list(), query -> query.order()::after)
                .connection("prices", catalogue.readPrices(), query -> ReadPrices::cursor)
                .query("catalogueProduct", catalogue.review())
                .connection("catalogue", catalogue.reviewAll(), query -> query.order()::after)
                .mutation("createProduct", catalogue.create())
                .mutation("changeProduct", catalogue.change())
                .mutation("retireProduct", catalogue.retire())
                .mutation("changePrice", catalogue.changePrice())
                .subscription("priceChanged", catalogue.watchPrices());
    }
}
