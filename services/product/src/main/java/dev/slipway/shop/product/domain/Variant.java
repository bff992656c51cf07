package dev.slipway.shop.product.domain;

import java.util.List;
import java.util.UUID;

/// One form in which a product is sold.
///
/// @param sku the stock-keeping unit: unique among all variants
/// @param attributes by their names
/// @param prices the current ones, at most one for each currency, by currency
public record Variant(UUID id, String sku, String name, List<Attribute> attributes, List<Money> prices) {

    public Variant {
        attributes = List.copyOf(attributes);
        prices = List.copyOf(prices);
    }
}
