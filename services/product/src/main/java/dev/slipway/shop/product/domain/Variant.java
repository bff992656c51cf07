package dev.slipway.shop.product.domain;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// One form in which a product is sold.
///
/// @param sku the stock-keeping unit: unique among all variants; whoever describes a product names its variants by it
/// @param attributes by their names
/// @param prices the current ones, at most one for each currency, by currency
public record Variant(UUID id, String sku, String name, List<Attribute> attributes, List<Money> prices) {

    public Variant {
        attributes = byName(attributes);
        prices = byCurrency(prices);
    }

    Variant pricedAt(Money price) {
        var others = prices.stream().filter(other -> !other.currency().equals(price.currency()));
        return new Variant(
                id,
                sku,
                name,
                attributes,
                Stream.concat(others, Stream.of(price)).toList());
    }

    /// Whether all but the prices is the same.
    public boolean isDescribedLike(Variant other) {
        return id.equals(other.id)
                && sku.equals(other.sku)
                && name.equals(other.name)
                && attributes.equals(other.attributes);
    }

    static List<Attribute> byName(List<Attribute> attributes) {
        return attributes.stream().sorted(comparing(Attribute::name)).toList();
    }

    static List<Money> byCurrency(List<Money> prices) {
        return prices.stream().sorted(comparing(Money::currency)).toList();
    }
}
