package dev.slipway.shop.product.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.AlreadyPublished;
import dev.slipway.shop.product.domain.Decision.AlreadyRetired;
import dev.slipway.shop.product.domain.Decision.Creation;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Decision.NothingToSell;
import dev.slipway.shop.product.domain.Decision.Repricing;
import dev.slipway.shop.product.domain.Decision.Revision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// A product with its variants and their prices. It never changes: what it is asked for leads to another one, or to a
/// reason against it.
///
/// @param slug its name in addresses, unique
/// @param variants in the order in which they were given
/// @param version 1 at first, one more with each change, also of a price
/// @param updatedAt in microseconds, like all times here
public record Product(
        UUID id,
        String slug,
        String name,
        String description,
        Status status,
        List<Variant> variants,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    public Product {
        variants = List.copyOf(variants);
    }

    /// The life of a product. Everybody sees active products; the others are for staff.
    public enum Status {
        @JsonProperty("draft")
        DRAFT,
        /// On sale: at least one variant has a price.
        @JsonProperty("active")
        ACTIVE,
        /// Not sold any more, and kept as it is because orders refer to it.
        @JsonProperty("retired")
        RETIRED;

        /// There is no way back: what was on sale does not become a draft, and what is retired stays so.
        boolean mayBecome(Status next) {
            return compareTo(next) <= 0;
        }
    }

    /// @param ids of what is new
    public static Creation create(ProductDetails details, Supplier<UUID> ids, Instant now) {
        var blank = new Product(ids.get(), "", "", "", Status.DRAFT, List.of(), 1, now, now);
        var product = blank.described(details, ids);
        return product.isFitForSale() ? new Accepted(product) : new NothingToSell();
    }

    /// Variants and prices that the details do not name end; a variant that they name keeps its id. Details that say
    /// what it is already change nothing, whatever its status.
    ///
    /// @param ids of variants that are new
    public Revision revise(ProductDetails details, Supplier<UUID> ids, Instant now) {
        var revised = described(details, ids);
        if (revised.equals(this)) {
            return new Accepted(this);
        }
        if (status == Status.RETIRED) {
            return new AlreadyRetired();
        }
        if (!status.mayBecome(revised.status)) {
            return new AlreadyPublished();
        }
        return revised.isFitForSale() ? new Accepted(revised.changed(now)) : new NothingToSell();
    }

    /// Sets what a variant costs in one currency, from now on; its other prices stay.
    public Repricing reprice(UUID variant, Money price, Instant now) {
        if (variants.stream().noneMatch(it -> it.id().equals(variant))) {
            return new Missing();
        }
        var repriced = with(
                status,
                variants.stream()
                        .map(it -> it.id().equals(variant) ? it.pricedAt(price) : it)
                        .toList());
        if (repriced.equals(this)) {
            return new Accepted(this);
        }
        return status == Status.RETIRED ? new AlreadyRetired() : new Accepted(repriced.changed(now));
    }

    /// Takes it off sale for good.
    public Accepted retire(Instant now) {
        return new Accepted(
                status == Status.RETIRED ? this : with(Status.RETIRED, variants).changed(now));
    }

    /// What has to be added to the history of prices, at [#updatedAt]; the prices of a variant that is gone end.
    ///
    /// @param before this product as it was, or without variants if it is new
    public List<PriceEvent> priceEventsSince(List<Variant> before) {
        var ended = new ArrayList<PriceEvent>();
        var begun = new ArrayList<PriceEvent>();
        before.stream()
                .filter(old -> variants.stream().noneMatch(it -> it.id().equals(old.id())))
                .forEach(gone -> gone.prices().forEach(price -> ended.add(new PriceEvent.Ended(gone.id(), price))));
        for (var variant : variants) {
            var old = pricesOf(variant.id(), before);
            old.stream()
                    .filter(price -> !variant.prices().contains(price))
                    .forEach(price -> ended.add(new PriceEvent.Ended(variant.id(), price)));
            variant.prices().stream()
                    .filter(price -> !old.contains(price))
                    .forEach(price -> begun.add(new PriceEvent.Begun(variant.id(), price)));
        }
        ended.addAll(begun);
        return ended;
    }

    /// What the cheapest variant costs in the first of the currencies, in their alphabetical order.
    public Optional<Money> from() {
        var prices = variants.stream().flatMap(it -> it.prices().stream()).toList();
        return prices.stream()
                .map(Money::currency)
                .sorted()
                .findFirst()
                .flatMap(first -> prices.stream()
                        .filter(price -> price.currency().equals(first))
                        .reduce(Money::lesser));
    }

    private Product described(ProductDetails details, Supplier<UUID> ids) {
        return new Product(
                id,
                details.slug(),
                details.name(),
                details.description(),
                details.status() == null ? status : details.status(),
                details.variants().stream()
                        .map(it -> new Variant(
                                idOf(it.sku()).orElseGet(ids), it.sku(), it.name(), it.attributes(), it.prices()))
                        .toList(),
                version,
                createdAt,
                updatedAt);
    }

    private Product with(Status nextStatus, List<Variant> nextVariants) {
        return new Product(id, slug, name, description, nextStatus, nextVariants, version, createdAt, updatedAt);
    }

    /// Clocks of several copies differ, but each price follows the one before it: a product's time does not go back.
    private Product changed(Instant now) {
        var at = now.isAfter(updatedAt) ? now : updatedAt.plus(1, ChronoUnit.MICROS);
        return new Product(id, slug, name, description, status, variants, version + 1, createdAt, at);
    }

    private boolean isFitForSale() {
        return status != Status.ACTIVE
                || variants.stream().anyMatch(it -> !it.prices().isEmpty());
    }

    private Optional<UUID> idOf(String sku) {
        return variants.stream()
                .filter(it -> it.sku().equals(sku))
                .map(Variant::id)
                .findFirst();
    }

    private static List<Money> pricesOf(UUID variant, List<Variant> variants) {
        return variants.stream()
                .filter(it -> it.id().equals(variant))
                .findFirst()
                .map(Variant::prices)
                .orElse(List.of());
    }
}
