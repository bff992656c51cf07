package dev.slipway.shop.product.catalogue;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.shop.product.domain.Decision.AlreadyPublished;
import dev.slipway.shop.product.domain.Decision.AlreadyRetired;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Decision.NothingToSell;
import dev.slipway.shop.product.domain.Decision.Refusal;
import dev.slipway.shop.product.domain.Decision.SkuTaken;
import dev.slipway.shop.product.domain.Decision.SlugTaken;
import dev.slipway.shop.product.domain.Decision.Stale;

/// What clients are told when something cannot be done with a product.
public final class CatalogueRefusals {
    static final Problem NOTHING_TO_SELL =
            Problem.of(Kind.UNPROCESSABLE, "nothing-to-sell", "An active product has a variant with a price.");
    static final Problem ALREADY_PUBLISHED = Problem.of(
            Kind.CONFLICT,
            "already-published",
            "A product that was on sale does not become a draft again; it can be retired.");
    static final Problem ALREADY_RETIRED =
            Problem.of(Kind.CONFLICT, "already-retired", "The product is retired and stays as it is.");
    static final Problem SLUG_TAKEN = Problem.of(Kind.CONFLICT, "slug-taken", "Another product has this slug.");
    static final Problem SKU_TAKEN =
            Problem.of(Kind.CONFLICT, "sku-taken", "A variant of another product has one of these SKUs.");
    static final Problem MISSING = Problem.notFound("There is no such product.");

    private CatalogueRefusals() {}

    public static Problem of(Refusal refusal) {
        return switch (refusal) {
            case NothingToSell() -> NOTHING_TO_SELL;
            case AlreadyPublished() -> ALREADY_PUBLISHED;
            case AlreadyRetired() -> ALREADY_RETIRED;
            case SlugTaken() -> SLUG_TAKEN;
            case SkuTaken() -> SKU_TAKEN;
            case Stale() -> Problem.stale();
            case Missing() -> MISSING;
        };
    }
}
