package dev.slipway.template.base.widget;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Parameter;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A widget as it is stored and shown.
///
/// @param version 1 at first, one more with each change
public record Widget(
        UUID id, String name, Optional<String> description, long version, Instant createdAt, Instant updatedAt) {

    static final Parameter<UUID> ID = Parameter.uuid("id", "The widget's id");
    static final Problem MISSING = Problem.notFound("There is no such widget.");
    static final Problem NAME_TAKEN = Problem.of(Kind.CONFLICT, "name-taken", "Another widget has this name.");
}
