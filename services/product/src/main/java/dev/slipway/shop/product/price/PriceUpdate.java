package dev.slipway.shop.product.price;

import dev.slipway.shop.product.domain.PriceChange;
import org.jspecify.annotations.Nullable;

/// What a watcher of prices is told.
///
/// @param missed changes from before this are not told: read the prices once. So it is at the beginning, after a watcher
///     was too slow, and after the database was away
/// @param change absent if `missed`
public record PriceUpdate(boolean missed, @Nullable PriceChange change) {

    static PriceUpdate of(PriceChange change) {
        return new PriceUpdate(false, change);
    }

    static PriceUpdate gap() {
        return new PriceUpdate(true, null);
    }
}
