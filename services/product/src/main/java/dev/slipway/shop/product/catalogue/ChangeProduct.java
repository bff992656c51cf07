package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.CatalogueRefusals.SKU_TAKEN;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.SLUG_TAKEN;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;

/// Changes a product, its variants and prices: only if nobody changed it in between.
final class ChangeProduct {
    private ChangeProduct() {}

    static Operation<ProductInput, Product> operation(Products products) {
        return Operation.named("changeProduct", "Changes a product, its variants and prices")
                .on(ReadProduct.ID)
                .input(ProductInput.class)
                .policy(Policy.role("admin"))
                .conditional()
                .output(Product.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .refuses(Kind.CONFLICT, SLUG_TAKEN)
                .refuses(Kind.CONFLICT, SKU_TAKEN)
                .handle(call -> switch (products.change(
                        call.get(ReadProduct.ID),
                        call.expectedVersion(),
                        call.input().details())) {
                    case Products.Changed(var product) -> Outcome.done(product).version(product.version());
                    case Products.SlugTaken() -> CatalogueRefusals.slugTaken();
                    case Products.SkuTaken() -> CatalogueRefusals.skuTaken();
                    case Products.Stale() -> CatalogueRefusals.stale();
                    case Products.Missing() -> CatalogueRefusals.missing();
                });
    }
}
