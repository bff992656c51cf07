package dev.slipway.shop.product.catalogue;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.ProductSort;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.shop.product.postgres.Products.PriceRange;
import dev.slipway.shop.product.postgres.Products.Selection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lists products: filtered, sorted, page by page.
public final class ListProducts {
    private ListProducts() {}

    /// What everybody may ask for; the answer is the same for everybody, so that caches may keep it.
    ///
    /// @param search a part of the name, in any case
    /// @param currency of `minPrice` and `maxPrice`, which need it
    /// @param minPrice in the currency's smallest unit
    /// @param cursor the `next` of the page before
    public record Query(
            @Size(max = 100) @Nullable String search,

            @Pattern(regexp = "[A-Z]{3}") @Nullable String currency,

            @Min(0) @Nullable Long minPrice,
            @Min(0) @Nullable Long maxPrice,
            @Nullable ProductSort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        public Query {
            if (currency == null && (minPrice != null || maxPrice != null)) {
                throw new IllegalArgumentException("minPrice and maxPrice need a currency");
            }
        }

        public ProductSort order() {
            return sort == null ? ProductSort.NAME : sort;
        }

        private Selection selection() {
            var range = Optional.ofNullable(currency)
                    .map(code -> new PriceRange(
                            code, minPrice == null ? 0 : minPrice, maxPrice == null ? Long.MAX_VALUE : maxPrice));
            return selected(Product.Status.ACTIVE, search, range, order(), limit, cursor);
        }
    }

    /// What staff may ask for.
    public record StaffQuery(
            Product.@Nullable Status status,
            @Size(max = 100) @Nullable String search,
            @Nullable ProductSort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        public ProductSort order() {
            return sort == null ? ProductSort.NAME : sort;
        }

        private Selection selection() {
            return selected(status, search, Optional.empty(), order(), limit, cursor);
        }
    }

    static Operation<Query, Page<Product>> operation(Products products) {
        return Operation.named("listProducts", "Lists active products")
                .input(Query.class)
                .policy(Policy.anyone())
                .pageOf(Product.class)
                .read(call -> page(products, call.input().selection()));
    }

    static Operation<StaffQuery, Page<Product>> forStaff(Products products) {
        return Operation.named("reviewProducts", "Lists products in any state")
                .input(StaffQuery.class)
                .policy(Policy.anyRole("admin", "support"))
                .pageOf(Product.class)
                .read(call -> page(products, call.input().selection()));
    }

    private static Outcome<Page<Product>> page(Products products, Selection selection) {
        return Outcome.done(Page.of(products.list(selection), selection.limit(), selection.sort()::after));
    }

    private static Selection selected(
            Product.@Nullable Status status,
            @Nullable String search,
            Optional<PriceRange> range,
            ProductSort order,
            @Nullable Integer limit,
            @Nullable String cursor) {
        return new Selection(
                Optional.ofNullable(status),
                // For `ilike`, with its wildcards taken literally.
                Optional.ofNullable(search).map(text -> "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%"),
                range,
                order,
                limit == null ? 20 : limit,
                order.parse(cursor));
    }
}
