package dev.slipway.shop.product.price;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import java.util.UUID;

/// Sets what a variant costs in one currency, from now on.
final class ChangePrice {
    static final Parameter<UUID> VARIANT = Parameter.uuid("id", "The variant's id");

    private ChangePrice() {}

    static Operation<Money, Price> operation(Prices prices) {
        return Operation.named("changePrice", "Sets what a variant costs in one currency, from now on")
                .on(VARIANT)
                .input(Money.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Price.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .handle(call -> switch (prices.change(call.get(VARIANT), call.input())) {
                    case Prices.PriceSet(var price) -> Outcome.done(price);
                    case Prices.VariantMissing() -> Outcome.refused(Problem.notFound("There is no such variant."));
                });
    }
}
