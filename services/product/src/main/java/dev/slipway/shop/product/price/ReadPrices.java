package dev.slipway.shop.product.price;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.postgres.Column;
import dev.slipway.postgres.Order;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a variant costs and did cost, the newest first.
public final class ReadPrices {
    public static final Order<Price> NEWEST_FIRST =
            Order.by(Column.bigint("id", Price::id)).descending();

    private ReadPrices() {}

    /// @param currency only prices in this one
    /// @param cursor the `next` of the page before
    public record PriceQuery(
            @Pattern(regexp = "[A-Z]{3}") @Nullable String currency,

            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        private Order.Part<Price> part() {
            return NEWEST_FIRST.part(cursor, limit == null ? 20 : limit);
        }
    }

    static Operation<PriceQuery, Page<Price>> operation(Prices prices) {
        return Operation.named("readPrices", "Reads what a variant costs and did cost, the newest first")
                .on(ChangePrice.VARIANT)
                .input(PriceQuery.class)
                .policy(Policy.anyone())
                .pageOf(Price.class)
                .read(call -> {
                    var query = call.input();
                    return Outcome.done(prices.history(call.get(ChangePrice.VARIANT), query.currency(), query.part()));
                });
    }
}
