package dev.slipway.shop.product.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that staff says of a product.
///
/// @param status if none is given, a draft for a new product and no change for another
/// @param variants in the order in which they are shown
public record ProductDetails(
        String slug, String name, String description, Product.@Nullable Status status, List<VariantDetails> variants) {

    public ProductDetails {
        variants = List.copyOf(variants);
    }

    /// @param prices at most one for each currency
    public record VariantDetails(String sku, String name, List<Attribute> attributes, List<Money> prices) {

        public VariantDetails {
            attributes = List.copyOf(attributes);
            prices = List.copyOf(prices);
        }
    }
}
