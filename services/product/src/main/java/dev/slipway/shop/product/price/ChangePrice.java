package dev.slipway.shop.product.price;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.AlreadyRetired;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import dev.slipway.shop.product.postgres.Products;
import java.util.UUID;

/// Sets what a variant costs in one currency, from now on.
final class ChangePrice {
    static final Parameter<UUID> VARIANT = Parameter.uuid("id", "The variant's id");

    private static final Problem MISSING = Problem.notFound("There is no such variant.");
    private static final Problem RETIRED =
            Problem.of(Kind.CONFLICT, "already-retired", "The product is retired and keeps its prices.");

    private ChangePrice() {}

    static Operation<Money, Price> operation(Products products, Prices prices) {
        return Operation.named("changePrice", "Sets what a variant costs in one currency, from now on")
                .on(VARIANT)
                .input(Money.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Price.class)
                .refuses(MISSING, RETIRED)
                .handle(call -> switch (products.reprice(call.get(VARIANT), call.input())) {
                    case Accepted _ ->
                        Outcome.done(
                                prices.current(call.get(VARIANT), call.input().currency()));
                    case Missing() -> Outcome.refused(MISSING);
                    case AlreadyRetired() -> Outcome.refused(RETIRED);
                });
    }
}
