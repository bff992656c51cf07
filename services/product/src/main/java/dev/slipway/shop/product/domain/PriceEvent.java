package dev.slipway.shop.product.domain;

import java.util.UUID;

/// What a change of a product adds to the history of its prices. All events of one change have its moment; those that end
/// a price come before those that begin one.
public sealed interface PriceEvent {

    UUID variant();

    Money price();

    record Ended(UUID variant, Money price) implements PriceEvent {}

    record Begun(UUID variant, Money price) implements PriceEvent {}
}
