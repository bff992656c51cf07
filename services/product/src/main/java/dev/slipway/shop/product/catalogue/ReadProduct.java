package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.CatalogueRefusals.MISSING;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;
import java.util.UUID;

/// Reads one product. What everybody reads is the same for everybody, so that caches may keep it.
final class ReadProduct {
    static final Parameter<UUID> ID = Parameter.uuid("id", "The product's id");
    static final Parameter<String> SLUG = Parameter.text("slug", "The product's slug");

    private ReadProduct() {}

    static Operation<Nothing, Product> operation(Products products) {
        return Operation.named("readProduct", "Reads an active product")
                .on(ID)
                .policy(Policy.anyone())
                .output(Product.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(products.findActive(call.get(ID)), Product::version, MISSING));
    }

    static Operation<Nothing, Product> bySlug(Products products) {
        return Operation.named("readProductBySlug", "Reads an active product by its slug")
                .on(SLUG)
                .policy(Policy.anyone())
                .output(Product.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(products.findActive(call.get(SLUG)), Product::version, MISSING));
    }

    /// As clients of version 1 know it.
    static Operation<Nothing, ProductV1> versionOne(Products products) {
        return Operation.named("readProduct", "Reads an active product")
                .on(ID)
                .policy(Policy.anyone())
                .output(ProductV1.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(
                        products.findActive(call.get(ID)).map(ProductV1::of), ProductV1::version, MISSING));
    }

    static Operation<Nothing, Product> forStaff(Products products) {
        return Operation.named("reviewProduct", "Reads a product in any state")
                .on(ID)
                .policy(Policy.anyRole("admin", "support"))
                .output(Product.class)
                .refuses(MISSING)
                .read(call -> Outcome.found(products.find(call.get(ID)), Product::version, MISSING));
    }
}
