package dev.slipway.shop.product.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A product with its variants and their prices, as it is stored and shown.
///
/// @param slug its name in addresses, unique
/// @param variants in the order in which they were given
/// @param version 1 at first, one more with each change, also of a price
public record Product(
        UUID id,
        String slug,
        String name,
        String description,
        Status status,
        List<Variant> variants,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    public Product {
        variants = List.copyOf(variants);
    }

    /// Everybody sees active products; the others are for staff.
    public enum Status {
        @JsonProperty("draft")
        DRAFT,
        @JsonProperty("active")
        ACTIVE,
        /// Not sold any more, and kept because orders refer to it.
        @JsonProperty("retired")
        RETIRED
    }

    public Product with(List<Variant> others) {
        return new Product(id, slug, name, description, status, others, version, createdAt, updatedAt);
    }
}
