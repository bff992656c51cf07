package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.web.Addressed;
import dev.slipway.web.StreamRoute;
import java.util.List;

/// Imports by REST, below `/v2`.
public final class ImportRoutes {
    private ImportRoutes() {}

    public static List<Addressed> of(ImportOperations imports) {
        return List.of(StreamRoute.lines("/imports", imports.run).version(2));
    }
}
