package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.operation.Items;
import dev.slipway.operation.Streaming;
import dev.slipway.shop.product.catalogue.ProductInput;

/// What can be done with many products at once, whatever the protocol.
public final class ImportOperations {
    public final Streaming<Items<ProductInput>, ImportProgress> run;

    public ImportOperations(Imports imports) {
        run = ImportProducts.operation(imports);
    }
}
