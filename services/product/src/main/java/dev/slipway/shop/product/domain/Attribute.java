package dev.slipway.shop.product.domain;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/// What tells a variant from the others, for example `size` 42.
public record Attribute(
        @NotBlank @Size(max = 50) String name,
        @NotNull @Size(max = 200) String value) {}
