package dev.slipway.shop.product.catalogue;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client says of a variant.
///
/// @param prices at most one for each currency
public record VariantInput(
        @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
        String sku,

        @NotBlank @Size(max = 100) String name,

        @Size(max = 20) @Nullable Map<@NotBlank @Size(max = 50) String, @Size(max = 200) String> attributes,

        @Size(max = 20) @Nullable List<Money> prices) {

    public VariantInput {
        attributes = attributes == null ? null : Map.copyOf(attributes);
        prices = prices == null ? null : List.copyOf(prices);
        if (prices != null && prices.stream().map(Money::currency).distinct().count() < prices.size()) {
            throw new IllegalArgumentException("must have one price for each currency");
        }
    }

    Map<String, String> attributesOrNone() {
        return attributes == null ? Map.of() : attributes;
    }

    List<Money> pricesOrNone() {
        return prices == null ? List.of() : prices;
    }
}
