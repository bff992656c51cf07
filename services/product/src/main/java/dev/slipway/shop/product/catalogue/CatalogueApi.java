package dev.slipway.shop.product.catalogue;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/// What can be done with products, and where REST has it.
public final class CatalogueApi {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final LocalDate DEPRECATED = LocalDate.of(2026, 10, 1);
    private static final LocalDate SUNSET = LocalDate.of(2027, 10, 1);

    public final Operation<ProductInput, Product> create;
    public final Operation<Nothing, Product> read;
    public final Operation<Nothing, Product> readBySlug;
    /// What version 1 of the REST API calls [#read].
    public final Operation<Nothing, ProductV1> readVersionOne;

    public final Operation<ListProducts.Query, Page<Product>> list;
    /// As [#read], whatever the product's status.
    public final Operation<Nothing, Product> review;
    /// As [#list], whatever the product's status.
    public final Operation<ListProducts.StaffQuery, Page<Product>> reviewAll;

    public final Operation<ProductInput, Product> change;
    public final Operation<Nothing, Product> retire;

    public CatalogueApi(Products products) {
        create = CreateProduct.operation(products);
        read = ReadProduct.operation(products);
        readBySlug = ReadProduct.bySlug(products);
        readVersionOne = ReadProduct.versionOne(products);
        list = ListProducts.operation(products);
        review = ReadProduct.forStaff(products);
        reviewAll = ListProducts.forStaff(products);
        change = ChangeProduct.operation(products);
        retire = RetireProduct.operation(products);
    }

    /// Below `/v2`; what is left of `/v1` is the read of one product. Only what is the same for everybody may be cached by
    /// everybody.
    public List<Addressed> routes() {
        return List.of(
                Route.get("/products/{id}", readVersionOne).cached(A_MINUTE).deprecated(DEPRECATED, SUNSET),
                Route.get("/products/{id}", read).version(2).cached(A_MINUTE),
                Route.get("/products/by-slug/{slug}", readBySlug).version(2).cached(A_MINUTE),
                Route.get("/products", list).version(2).cached(A_MINUTE),
                Route.get("/catalogue/{id}", review).version(2),
                Route.get("/catalogue", reviewAll).version(2),
                Route.post("/catalogue", create).version(2).created(product -> "/v2/catalogue/" + product.id()),
                Route.put("/catalogue/{id}", change).version(2),
                Route.delete("/catalogue/{id}", retire).version(2));
    }
}
