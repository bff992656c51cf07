package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.operation.Items;
import dev.slipway.operation.Streaming;
import dev.slipway.shop.product.catalogue.ProductInput;
import dev.slipway.web.Addressed;
import dev.slipway.web.StreamRoute;
import java.util.List;

/// What can be done with many products at once, and where REST has it.
public final class ImportApi {
    public final Streaming<Items<ProductInput>, ImportProgress> run;

    public ImportApi(Imports imports) {
        run = ImportProducts.operation(imports);
    }

    /// Below `/v2`.
    public List<Addressed> routes() {
        return List.of(StreamRoute.lines("/imports", run).version(2));
    }
}
