package dev.slipway.shop.product.catalogue;

import dev.slipway.shop.product.domain.Attribute;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.function.Function;
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
        if (prices != null && !differ(prices, Money::currency)) {
            throw new IllegalArgumentException("must have one price for each currency");
        }
        if (attributes != null && !differ(attributes, Attribute::name)) {
            throw new IllegalArgumentException("must have one value for each attribute");
        }
    }

    private static <T> boolean differ(List<T> all, Function<T, String> name) {
        return all.stream().map(name).distinct().count() == all.size();
    }

    VariantDetails details() {
        return new VariantDetails(
                sku, name, attributes == null ? List.of() : attributes, prices == null ? List.of() : prices);
    }
}
