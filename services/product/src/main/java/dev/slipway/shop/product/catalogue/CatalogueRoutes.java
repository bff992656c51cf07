package dev.slipway.shop.product.catalogue;

import dev.slipway.web.Addressed;
import dev.slipway.web.Route;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/// The catalogue by REST, below `/v2`; what is left of `/v1` is the read of one product.
///
/// Only what is the same for everybody may be cached by everybody.
public final class CatalogueRoutes {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final LocalDate DEPRECATED = LocalDate.of(2026, 10, 1);
    private static final LocalDate SUNSET = LocalDate.of(2027, 10, 1);

    private CatalogueRoutes() {}

    public static List<Addressed> of(CatalogueOperations catalogue) {
        return List.of(
                Route.get("/products/{id}", catalogue.readVersionOne)
                        .cached(A_MINUTE)
                        .deprecated(DEPRECATED, SUNSET),
                Route.get("/products/{id}", catalogue.read).version(2).cached(A_MINUTE),
                Route.get("/products/by-slug/{slug}", catalogue.readBySlug)
                        .version(2)
                        .cached(A_MINUTE),
                Route.get("/products", catalogue.list).version(2).cached(A_MINUTE),
                Route.get("/catalogue/{id}", catalogue.review).version(2),
                Route.get("/catalogue", catalogue.reviewAll).version(2),
                Route.post("/catalogue", catalogue.create)
                        .version(2)
                        .created(product -> "/v2/catalogue/" + product.id()),
                Route.put("/catalogue/{id}", catalogue.change).version(2),
                Route.delete("/catalogue/{id}", catalogue.retire).version(2));
    }
}
