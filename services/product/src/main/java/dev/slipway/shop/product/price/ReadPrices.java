package dev.slipway.shop.product.price;

import dev.slipway.operation.Cursor;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.postgres.Prices;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what a variant costs and did cost, the newest first.
public final class ReadPrices {
    private static final String NEWEST_FIRST = "newest";

    private ReadPrices() {}

    /// @param currency only prices in this one
    /// @param cursor the `next` of the page before
    public record PriceQuery(
            @Pattern(regexp = "[A-Z]{3}") @Nullable String currency,

            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        int size() {
            return limit == null ? 20 : limit;
        }
    }

    public static Cursor cursor(Price last) {
        return Cursor.of(NEWEST_FIRST, last.id());
    }

    static Operation<PriceQuery, Page<Price>> operation(Prices prices) {
        return Operation.named("readPrices", "Reads what a variant costs and did cost, the newest first")
                .on(ChangePrice.VARIANT)
                .input(PriceQuery.class)
                .policy(Policy.anyone())
                .pageOf(Price.class)
                .read(call -> {
                    var query = call.input();
                    var after = Cursor.decode(query.cursor(), NEWEST_FIRST, List.of(Long::valueOf));
                    var found = prices.history(
                            call.get(ChangePrice.VARIANT), Optional.ofNullable(query.currency()), query.size(), after);
                    return Outcome.done(Page.of(found, query.size(), ReadPrices::cursor));
                });
    }
}
