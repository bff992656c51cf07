package dev.slipway.shop.product.catalogue;

import dev.slipway.shop.product.domain.Product;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A product as version 1 of the API shows it: with one price, as text.
///
/// @param price what the cheapest variant costs in the first of its currencies, for example `EUR 19.90`; absent if
///     nothing has a price
public record ProductV1(
        UUID id,
        String slug,
        String name,
        String description,
        @Nullable String price,
        long version) {

    static ProductV1 of(Product product) {
        var price = product.from()
                .map(money -> money.currency() + " " + money.decimal())
                .orElse(null);
        return new ProductV1(
                product.id(), product.slug(), product.name(), product.description(), price, product.version());
    }
}
