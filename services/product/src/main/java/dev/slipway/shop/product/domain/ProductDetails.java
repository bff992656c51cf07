package dev.slipway.shop.product.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that staff says of a product, sound in itself.
///
/// @param status if none is given, a draft for a new product and no change for another
/// @param variants in the order in which they are shown
public record ProductDetails(
        String slug, String name, String description, Product.@Nullable Status status, List<VariantDetails> variants) {

    /// Written out: a compact one would lose `@Nullable` in the class file.
    ///
    /// @throws IllegalArgumentException if two variants have one SKU, or cannot be told apart by their attributes
    public ProductDetails(
            String slug,
            String name,
            String description,
            Product.@Nullable Status status,
            List<VariantDetails> variants) {
        this.slug = slug;
        this.name = name;
        this.description = description;
        this.status = status;
        this.variants = List.copyOf(variants);
        VariantRules.skusDiffer(variants.stream().map(VariantDetails::sku).toList());
        VariantRules.attributesDiffer(
                variants.stream().map(VariantDetails::attributes).toList());
    }

    /// @param attributes in any order
    /// @param prices in any order
    public record VariantDetails(String sku, String name, List<Attribute> attributes, List<Money> prices) {

        /// @throws IllegalArgumentException if there are two values of one attribute, or two prices in one currency
        public VariantDetails {
            VariantRules.oneValueForEachAttribute(attributes);
            VariantRules.onePriceForEachCurrency(prices);
            attributes = Variant.byName(attributes);
            prices = Variant.byCurrency(prices);
        }
    }
}
