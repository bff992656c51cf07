package dev.slipway.shop.product.catalogue;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;
import java.util.Optional;
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
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> outcome(products.findActive(call.get(ID))));
    }

    static Operation<Nothing, Product> bySlug(Products products) {
        return Operation.named("readProductBySlug", "Reads an active product by its slug")
                .on(SLUG)
                .policy(Policy.anyone())
                .output(Product.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> outcome(products.findActive(call.get(SLUG))));
    }

    /// As clients of version 1 know it.
    static Operation<Nothing, ProductV1> versionOne(Products products) {
        return Operation.named("readProduct", "Reads an active product")
                .on(ID)
                .policy(Policy.anyone())
                .output(ProductV1.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> products.findActive(call.get(ID))
                        .map(ProductV1::of)
                        .<Outcome<ProductV1>>map(
                                product -> Outcome.done(product).version(product.version()))
                        .orElseGet(ReadProduct::missing));
    }

    static Operation<Nothing, Product> forStaff(Products products) {
        return Operation.named("reviewProduct", "Reads a product in any state")
                .on(ID)
                .policy(Policy.anyRole("admin", "support"))
                .output(Product.class)
                .refuses(Kind.NOT_FOUND, "not-found")
                .read(call -> outcome(products.find(call.get(ID))));
    }

    private static Outcome<Product> outcome(Optional<Product> found) {
        return found.<Outcome<Product>>map(product -> Outcome.done(product).version(product.version()))
                .orElseGet(ReadProduct::missing);
    }

    private static <O> Outcome<O> missing() {
        return Outcome.refused(CatalogueRefusals.of(new Missing()));
    }
}
