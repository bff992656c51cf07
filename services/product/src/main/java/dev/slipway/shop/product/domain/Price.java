package dev.slipway.shop.product.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a variant costs or did cost in one currency.
///
/// @param id grows with each price that is set for a variant
/// @param validTo when the next price took over; absent while it is valid
public record Price(
        long id,
        UUID variantId,
        Money money,
        Instant validFrom,
        @Nullable Instant validTo) {}
