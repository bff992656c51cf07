package dev.slipway.shop.product.catalogue;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Outcome;

/// What clients are told when something cannot be done with a product.
public final class CatalogueRefusals {
    static final String SLUG_TAKEN = "slug-taken";
    static final String SKU_TAKEN = "sku-taken";
    public static final Problem SKU_IS_TAKEN =
            Problem.of(Kind.CONFLICT, SKU_TAKEN, "A variant of another product has one of these SKUs.");

    private CatalogueRefusals() {}

    static <O> Outcome<O> slugTaken() {
        return Outcome.refused(Problem.of(Kind.CONFLICT, SLUG_TAKEN, "Another product has this slug."));
    }

    static <O> Outcome<O> skuTaken() {
        return Outcome.refused(SKU_IS_TAKEN);
    }

    static <O> Outcome<O> stale() {
        return Outcome.refused(Problem.stale());
    }

    static <O> Outcome<O> missing() {
        return Outcome.refused(Problem.notFound("There is no such product."));
    }
}
