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
    static final String NOTHING_TO_SELL = "nothing-to-sell";
    static final String ALREADY_PUBLISHED = "already-published";
    static final String ALREADY_RETIRED = "already-retired";
    static final String SLUG_TAKEN = "slug-taken";
    static final String SKU_TAKEN = "sku-taken";

    private CatalogueRefusals() {}

    public static Problem of(Refusal refusal) {
        return switch (refusal) {
            case NothingToSell() ->
                Problem.of(Kind.UNPROCESSABLE, NOTHING_TO_SELL, "An active product has a variant with a price.");
            case AlreadyPublished() ->
                Problem.of(
                        Kind.CONFLICT,
                        ALREADY_PUBLISHED,
                        "A product that was on sale does not become a draft again; it can be retired.");
            case AlreadyRetired() ->
                Problem.of(Kind.CONFLICT, ALREADY_RETIRED, "The product is retired and stays as it is.");
            case SlugTaken() -> Problem.of(Kind.CONFLICT, SLUG_TAKEN, "Another product has this slug.");
            case SkuTaken() ->
                Problem.of(Kind.CONFLICT, SKU_TAKEN, "A variant of another product has one of these SKUs.");
            case Stale() -> Problem.stale();
            case Missing() -> Problem.notFound("There is no such product.");
        };
    }
}
