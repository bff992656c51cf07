package dev.slipway.shop.product.price;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Page;
import dev.slipway.operation.Streaming;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import dev.slipway.web.StreamRoute;
import java.time.Duration;
import java.util.List;

/// What can be done with prices, and where REST has it.
public final class PriceApi {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    public final Operation<Money, Price> change;
    public final Operation<ReadPrices.PriceQuery, Page<Price>> read;
    public final Streaming<WatchPrices.Watched, PriceUpdate> watch;

    public PriceApi(Products products, Prices prices, PriceFeed feed) {
        change = ChangePrice.operation(products, prices);
        read = ReadPrices.operation(prices);
        watch = WatchPrices.operation(feed);
    }

    /// Below `/v2`.
    public List<Addressed> routes() {
        return List.of(
                Route.get("/variants/{id}/prices", read).version(2).cached(A_MINUTE),
                Route.post("/variants/{id}/prices", change).version(2),
                StreamRoute.events("/price-changes", watch).version(2));
    }
}
