package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Items;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.catalogue.ProductInput;

/// Takes a stream of products into the catalogue, and tells how far it is.
final class ImportProducts {
    private ImportProducts() {}

    static Streaming<Items<ProductInput>, ImportProgress> operation(Imports imports) {
        return Streaming.named("importProducts", "Creates or changes many products, each by its slug")
                .items(ProductInput.class)
                .policy(Policy.role("admin"))
                .output(ImportProgress.class)
                .refuses(Kind.UNPROCESSABLE, "too-many-errors")
                .handle((call, out) -> imports.run(call.input(), out));
    }
}
