package dev.slipway.shop.product.price;

import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import dev.slipway.web.StreamRoute;
import java.time.Duration;
import java.util.List;

/// Prices by REST, below `/v2`. Those of the past and present are the same for everybody, and may be cached by everybody.
public final class PriceRoutes {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private PriceRoutes() {}

    public static List<Addressed> of(PriceOperations prices) {
        return List.of(
                Route.get("/variants/{id}/prices", prices.read).version(2).cached(A_MINUTE),
                Route.post("/variants/{id}/prices", prices.change).version(2),
                StreamRoute.events("/price-changes", prices.watch).version(2));
    }
}
