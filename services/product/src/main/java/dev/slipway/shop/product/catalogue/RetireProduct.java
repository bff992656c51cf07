package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.CatalogueRefusals.MISSING;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.Refusal;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;

/// Takes a product off sale. It is kept, because orders refer to it.
final class RetireProduct {
    private RetireProduct() {}

    static Operation<Nothing, Product> operation(Products products) {
        return Operation.named("retireProduct", "Takes a product off sale; it is kept")
                .on(ReadProduct.ID)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Product.class)
                .refuses(MISSING)
                .handle(call -> switch (products.retire(call.get(ReadProduct.ID), call.expectedVersion())) {
                    case Accepted(var product) -> Outcome.done(product).version(product.version());
                    case Refusal why -> Outcome.refused(CatalogueRefusals.of(why));
                });
    }
}
