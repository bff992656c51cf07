package dev.slipway.shop.product.domain;

import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Product.Status;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What tests say of products, and products that come of it.
final class Described {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Described() {}

    static ProductDetails boots(@Nullable Status status, VariantDetails... variants) {
        return new ProductDetails("boots", "Boots", "", status, List.of(variants));
    }

    /// @param prices for example `EUR 8990`, in cents
    static VariantDetails variant(String sku, String... prices) {
        return new VariantDetails(
                sku,
                "Size " + sku,
                List.of(new Attribute("size", sku)),
                Arrays.stream(prices).map(Described::money).toList());
    }

    static Money money(String text) {
        var parts = text.split(" ");
        return new Money(Long.parseLong(parts[1]), parts[0]);
    }

    /// One after the other, from the same first one on.
    static Supplier<UUID> ids() {
        return new Supplier<>() {
            private long last;

            @Override
            public UUID get() {
                return new UUID(0, ++last);
            }
        };
    }

    /// The product that was accepted.
    static Product accepted(Decision decision) {
        if (decision instanceof Accepted(var product)) {
            return product;
        }
        throw new AssertionError("not accepted: " + decision);
    }

    static Product created(ProductDetails details) {
        return accepted(Product.create(details, ids(), NOON));
    }
}
