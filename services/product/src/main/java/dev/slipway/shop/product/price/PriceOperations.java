package dev.slipway.shop.product.price;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.operation.Streaming;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import dev.slipway.shop.product.postgres.Products;

/// What can be done with prices, whatever the protocol.
public final class PriceOperations {
    public final Operation<Money, Price> change;
    public final Operation<ReadPrices.PriceQuery, Page<Price>> read;
    public final Streaming<WatchPrices.Watched, PriceUpdate> watch;

    public PriceOperations(Products products, Prices prices, PriceFeed feed) {
        change = ChangePrice.operation(products, prices);
        read = ReadPrices.operation(prices);
        watch = WatchPrices.operation(feed);
    }
}
