package dev.slipway.shop.product.domain;

/// What comes of asking for a change: it is accepted, or there is a reason against it.
///
/// [Product] decides by what it knows of itself. The store adds what only it can know: what other products have, and
/// what happened in between.
public sealed interface Decision {

    sealed interface Creation extends Decision {}

    sealed interface Revision extends Decision {}

    sealed interface Repricing extends Decision {}

    sealed interface Retirement extends Decision {}

    /// @param product as it is from now on; the one that was asked if there is nothing to change
    record Accepted(Product product) implements Creation, Revision, Repricing, Retirement {}

    /// A reason against it.
    sealed interface Refusal extends Decision {}

    /// It would be on sale without a price.
    record NothingToSell() implements Creation, Revision, Refusal {}

    /// It was on sale, and does not become a draft again.
    record AlreadyPublished() implements Revision, Refusal {}

    /// It stays as it is, because orders refer to it.
    record AlreadyRetired() implements Revision, Repricing, Refusal {}

    /// Another product has the slug.
    record SlugTaken() implements Creation, Revision, Refusal {}

    /// A variant of another product has the SKU.
    record SkuTaken() implements Creation, Revision, Refusal {}

    /// It has changed since the client saw it.
    record Stale() implements Revision, Retirement, Refusal {}

    record Missing() implements Revision, Repricing, Retirement, Refusal {}
}
