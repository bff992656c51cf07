package dev.slipway.shop.product.catalogue;

import dev.slipway.shop.product.domain.Attribute;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import dev.slipway.shop.product.domain.VariantRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client says of a variant.
///
/// @param attributes with different names
/// @param prices at most one for each currency
public record VariantInput(
        @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
        String sku,

        @NotBlank @Size(max = 100) String name,

        @Size(max = 20) @Nullable List<@Valid Attribute> attributes,

        @Size(max = 20) @Nullable List<Money> prices) {

    public VariantInput {
        attributes = attributes == null ? null : List.copyOf(attributes);
        prices = prices == null ? null : List.copyOf(prices);
        VariantRules.oneValueForEachAttribute(orNone(attributes));
        VariantRules.onePriceForEachCurrency(orNone(prices));
    }

    List<Attribute> attributesOrNone() {
        return orNone(attributes);
    }

    VariantDetails details() {
        return new VariantDetails(sku, name, orNone(attributes), orNone(prices));
    }

    private static <T> List<T> orNone(@Nullable List<T> some) {
        return some == null ? List.of() : some;
    }
}
