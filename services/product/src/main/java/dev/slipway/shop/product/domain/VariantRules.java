package dev.slipway.shop.product.domain;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What holds of the variants that somebody describes, in the words that clients are told.
///
/// Each rule throws an [IllegalArgumentException] if it is broken.
public final class VariantRules {
    private VariantRules() {}

    public static void skusDiffer(List<String> skus) {
        require(allDiffer(skus, sku -> sku), "must have one variant for each sku");
    }

    /// Variants without attributes are told apart by their names.
    ///
    /// @param attributes of each variant
    public static void attributesDiffer(List<List<Attribute>> attributes) {
        var described = attributes.stream().filter(some -> !some.isEmpty()).toList();
        require(allDiffer(described, Set::copyOf), "must have variants that differ in their attributes");
    }

    public static void oneValueForEachAttribute(List<Attribute> attributes) {
        require(allDiffer(attributes, Attribute::name), "must have one value for each attribute");
    }

    public static void onePriceForEachCurrency(List<Money> prices) {
        require(allDiffer(prices, Money::currency), "must have one price for each currency");
    }

    private static <T> boolean allDiffer(Collection<T> all, Function<T, ?> by) {
        var seen = new HashSet<Object>();
        return all.stream().allMatch(one -> seen.add(by.apply(one)));
    }

    private static void require(boolean kept, String rule) {
        if (!kept) {
            throw new IllegalArgumentException(rule);
        }
    }
}
