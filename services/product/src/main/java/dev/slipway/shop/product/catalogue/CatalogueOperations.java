package dev.slipway.shop.product.catalogue;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;

/// What can be done with products, whatever the protocol.
public final class CatalogueOperations {
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

    public CatalogueOperations(Products products) {
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
}
