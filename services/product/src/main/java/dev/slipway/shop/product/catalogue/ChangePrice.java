package dev.slipway.shop.product.catalogue;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Sets what a variant costs in one currency, from now on.
final class ChangePrice {
    private ChangePrice() {}

    static Operation<Money, Price> operation(Prices prices) {
        return Operation.named("changePrice", "Sets what a variant costs in one currency, from now on")
                .on(Variant.ID)
                .input(Money.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Price.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> switch (prices.change(call.get(Variant.ID), call.input())) {
                    case Prices.PriceSet(var price) -> Outcome.done(price);
                    case Prices.VariantMissing() -> ProductRefusals.variantMissing();
                });
    }
}
