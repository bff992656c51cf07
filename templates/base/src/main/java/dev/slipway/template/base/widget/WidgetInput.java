package dev.slipway.template.base.widget;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What a client says of a widget.
public record WidgetInput(
        @NotBlank @Size(max = 100) String name,
        @Size(max = 2_000) @Nullable String description) {}
