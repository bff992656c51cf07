package dev.slipway.shop.product.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.postgres.Column;
import dev.slipway.postgres.Order;
import dev.slipway.security.Policy;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.shop.product.postgres.Products.Filter;
import dev.slipway.shop.product.postgres.Products.PriceRange;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Lists products: filtered, sorted, page by page.
public final class ListProducts {
    private static final Column<Product> ID = Column.uuid("id", Product::id);
    private static final Order<Product> BY_NAME = Order.by(Column.text("name", Product::name), ID);
    private static final Order<Product> BY_AGE = Order.by(Column.instant("created_at", Product::createdAt), ID);

    private ListProducts() {}

    /// The orders that have an index.
    public enum Sort {
        @JsonProperty("name")
        NAME(BY_NAME),
        @JsonProperty("-name")
        NAME_DESCENDING(BY_NAME.descending()),
        @JsonProperty("created")
        CREATED(BY_AGE),
        @JsonProperty("-created")
        CREATED_DESCENDING(BY_AGE.descending());

        private final Order<Product> order;

        Sort(Order<Product> order) {
            this.order = order;
        }
    }

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
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        public Query {
            if (currency == null && (minPrice != null || maxPrice != null)) {
                throw new IllegalArgumentException("minPrice and maxPrice need a currency");
            }
        }

        public Order<Product> order() {
            return orderOf(sort);
        }

        private Filter filter() {
            var range = currency == null
                    ? null
                    : new PriceRange(
                            currency, minPrice == null ? 0 : minPrice, maxPrice == null ? Long.MAX_VALUE : maxPrice);
            return new Filter(Product.Status.ACTIVE, search, range);
        }
    }

    /// What staff may ask for.
    public record StaffQuery(
            Product.@Nullable Status status,
            @Size(max = 100) @Nullable String search,
            @Nullable Sort sort,
            @Min(1) @Max(100) @Nullable Integer limit,
            @Nullable String cursor) {

        public Order<Product> order() {
            return orderOf(sort);
        }
    }

    static Operation<Query, Page<Product>> operation(Products products) {
        return Operation.named("listProducts", "Lists active products")
                .input(Query.class)
                .policy(Policy.anyone())
                .pageOf(Product.class)
                .read(call -> {
                    var query = call.input();
                    return page(products, query.filter(), query.order(), query.cursor(), query.limit());
                });
    }

    static Operation<StaffQuery, Page<Product>> forStaff(Products products) {
        return Operation.named("reviewProducts", "Lists products in any state")
                .input(StaffQuery.class)
                .policy(Policy.anyRole("admin", "support"))
                .pageOf(Product.class)
                .read(call -> {
                    var query = call.input();
                    var filter = new Filter(query.status(), query.search(), null);
                    return page(products, filter, query.order(), query.cursor(), query.limit());
                });
    }

    private static Outcome<Page<Product>> page(
            Products products, Filter filter, Order<Product> order, @Nullable String cursor, @Nullable Integer limit) {
        return Outcome.done(products.list(filter, order.part(cursor, limit == null ? 20 : limit)));
    }

    private static Order<Product> orderOf(@Nullable Sort sort) {
        return sort == null ? BY_NAME : sort.order;
    }
}
