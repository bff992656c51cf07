package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.CatalogueRefusals.ALREADY_PUBLISHED;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.ALREADY_RETIRED;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.MISSING;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.NOTHING_TO_SELL;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.SKU_TAKEN;
import static dev.slipway.shop.product.catalogue.CatalogueRefusals.SLUG_TAKEN;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.Refusal;
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
                .refuses(MISSING, SLUG_TAKEN, SKU_TAKEN, ALREADY_PUBLISHED, ALREADY_RETIRED, NOTHING_TO_SELL)
                .handle(call -> switch (products.revise(
                        call.get(ReadProduct.ID),
                        call.expectedVersion(),
                        call.input().details())) {
                    case Accepted(var product) -> Outcome.done(product).version(product.version());
                    case Refusal why -> Outcome.refused(CatalogueRefusals.of(why));
                });
    }
}
