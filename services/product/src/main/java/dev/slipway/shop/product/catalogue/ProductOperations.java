package dev.slipway.shop.product.catalogue;

import dev.slipway.operation.Items;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.operation.Streaming;

/// What can be done with the catalogue, whatever the protocol.
///
/// @param readVersionOne what version 1 of the REST API calls `read`
/// @param review as `read`, whatever the product's status
/// @param reviewAll as `list`, whatever the product's status
public record ProductOperations(
        Operation<ProductInput, Product> create,
        Operation<Nothing, Product> read,
        Operation<Nothing, Product> readBySlug,
        Operation<Nothing, ProductV1> readVersionOne,
        Operation<ListProducts.Query, Page<Product>> list,
        Operation<Nothing, Product> review,
        Operation<ListProducts.StaffQuery, Page<Product>> reviewAll,
        Operation<ProductInput, Product> change,
        Operation<Nothing, Product> retire,
        Operation<Money, Price> changePrice,
        Operation<ReadPrices.PriceQuery, Page<Price>> readPrices,
        Streaming<WatchPrices.Watched, PriceUpdate> watchPrices,
        Streaming<Items<ProductInput>, ImportProgress> importProducts) {

    public static ProductOperations of(Products products, Prices prices, PriceFeed feed, Imports imports) {
        return new ProductOperations(
                CreateProduct.operation(products),
                ReadProduct.operation(products),
                ReadProduct.bySlug(products),
                ReadProduct.versionOne(products),
                ListProducts.operation(products),
                ReadProduct.forStaff(products),
                ListProducts.forStaff(products),
                ChangeProduct.operation(products),
                RetireProduct.operation(products),
                ChangePrice.operation(prices),
                ReadPrices.operation(prices),
                WatchPrices.operation(feed),
                ImportProducts.operation(imports));
    }
}
