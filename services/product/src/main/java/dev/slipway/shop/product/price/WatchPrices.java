package dev.slipway.shop.product.price;

import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells prices as they are set, for as long as the client listens.
public final class WatchPrices {
    private WatchPrices() {}

    /// @param product only changes of this one
    public record Watched(@Nullable UUID product) {}

    static Streaming<Watched, PriceUpdate> operation(PriceFeed feed) {
        return Streaming.named("watchPrices", "Tells price changes of active products as they happen")
                .input(Watched.class)
                .policy(Policy.anyone())
                .output(PriceUpdate.class)
                .handle((call, out) -> {
                    try (var subscription = feed.subscribe(call.input().product())) {
                        while (true) {
                            out.send(subscription.next());
                        }
                    }
                });
    }
}
