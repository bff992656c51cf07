package dev.slipway.shop.product.catalogue;

import dev.slipway.operation.constraints.Slug;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.domain.ProductDetails;
import dev.slipway.shop.product.domain.VariantRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a client says of a product: all of it. Variants and prices that it does not name end.
///
/// @param status if none is given, `draft` for a new product and no change for another
public record ProductInput(
        @NotNull @Slug @Size(max = 100) String slug,
        @NotBlank @Size(max = 200) String name,
        @Size(max = 10_000) @Nullable String description,
        Product.@Nullable Status status,
        @Size(max = 100) @Nullable List<@Valid VariantInput> variants) {

    /// A SKU may be missing here: constraints are checked later.
    public ProductInput {
        variants = variants == null ? null : List.copyOf(variants);
        if (variants != null) {
            VariantRules.skusDiffer(variants.stream()
                    .map(VariantInput::sku)
                    .filter(Objects::nonNull)
                    .toList());
            VariantRules.attributesDiffer(
                    variants.stream().map(VariantInput::attributesOrNone).toList());
        }
    }

    /// What it says, once its constraints have been checked.
    public ProductDetails details() {
        return new ProductDetails(
                slug,
                name,
                description == null ? "" : description,
                status,
                variants == null
                        ? List.of()
                        : variants.stream().map(VariantInput::details).toList());
    }
}
