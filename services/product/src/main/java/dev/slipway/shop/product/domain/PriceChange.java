package dev.slipway.shop.product.domain;

import java.time.Instant;
import java.util.UUID;

/// A price that was set, of a product that everybody sees.
public record PriceChange(UUID productId, UUID variantId, String sku, Money price, Instant validFrom) {}
