package dev.slipway.shop.product.catalogue;

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

/// Creates a product with its variants and prices.
final class CreateProduct {
    private CreateProduct() {}

    static Operation<ProductInput, Product> operation(Products products) {
        return Operation.named("createProduct", "Creates a product with its variants and prices")
                .input(ProductInput.class)
                .policy(Policy.role("admin"))
                .idempotent()
                .output(Product.class)
                .refuses(SLUG_TAKEN, SKU_TAKEN, NOTHING_TO_SELL)
                .handle(call -> switch (products.create(call.input().details())) {
                    case Accepted(var product) -> Outcome.done(product).version(product.version());
                    case Refusal why -> Outcome.refused(CatalogueRefusals.of(why));
                });
    }
}
