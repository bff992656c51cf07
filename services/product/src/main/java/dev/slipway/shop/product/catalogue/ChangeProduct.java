package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.ProductRefusals.SKU_TAKEN;
import static dev.slipway.shop.product.catalogue.ProductRefusals.SLUG_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;

/// Changes a product, its variants and prices: only if nobody changed it in between.
final class ChangeProduct {
    private ChangeProduct() {}

    static Operation<ProductInput, Product> operation(Products products) {
        return Operation.named("changeProduct", "Changes a product, its variants and prices")
                .on(Product.ID)
                .input(ProductInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Product.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, SLUG_TAKEN)
                .refuses(Kind.CONFLICT, SKU_TAKEN)
                .handle(call -> switch (products.change(call.get(Product.ID), call.expectedVersion(), call.input())) {
                    case Products.Changed(var product) -> Outcome.done(product).version(product.version());
                    case Products.SlugTaken() -> ProductRefusals.slugTaken();
                    case Products.SkuTaken() -> ProductRefusals.skuTaken();
                    case Products.Stale() -> ProductRefusals.stale();
                    case Products.Missing() -> ProductRefusals.missing();
                });
    }
}
