package dev.slipway.shop.product.postgres;

import dev.slipway.operation.Page;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.DatabaseException.ConstraintViolated;
import dev.slipway.postgres.Like;
import dev.slipway.postgres.Order;
import dev.slipway.postgres.Queries;
import dev.slipway.postgres.Sql;
import dev.slipway.postgres.Transaction;
import dev.slipway.postgres.Update;
import dev.slipway.shop.product.domain.Attribute;
import dev.slipway.shop.product.domain.Decision;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.Creation;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Decision.Repricing;
import dev.slipway.shop.product.domain.Decision.Retirement;
import dev.slipway.shop.product.domain.Decision.Revision;
import dev.slipway.shop.product.domain.Decision.SkuTaken;
import dev.slipway.shop.product.domain.Decision.SlugTaken;
import dev.slipway.shop.product.domain.Decision.Stale;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.domain.ProductDetails;
import dev.slipway.shop.product.domain.Variant;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The products with their variants in PostgreSQL. Slugs are unique, and so are SKUs. Thread-safe.
///
/// A product is changed by itself: its row is locked, it decides, and what it accepted is stored.
public final class Products {
    private static final String UNIQUE_SLUG = "products_slug_key";
    private static final String UNIQUE_SKU = "variants_sku_key";

    private final Database database;
    private final Clock clock;
    private final Prices prices;

    /// What became of a product that was put into the catalogue.
    public sealed interface Put {}

    /// There was none of its slug.
    public record Created(Creation decision) implements Put {}

    public record Revised(Revision decision) implements Put {}

    /// Which products; null for any.
    ///
    /// @param search a part of the name, in any case
    /// @param price of at least one variant, now
    public record Filter(
            Product.@Nullable Status status,
            @Nullable String search,
            @Nullable PriceRange price) {}

    /// In the currency's smallest unit, both ends included.
    public record PriceRange(String currency, long least, long most) {}

    public Products(Database database, Clock clock, Prices prices) {
        this.database = database;
        this.clock = clock;
        this.prices = prices;
    }

    public Creation create(ProductDetails details) {
        try {
            return database.write(sql -> insert(sql, Product.create(details, ids(sql, details), now())));
        } catch (ConstraintViolated e) {
            return skuTaken(e);
        }
    }

    /// @param expected the version that the client has seen; empty for any
    public Revision revise(UUID id, OptionalLong expected, ProductDetails details) {
        try {
            return database.write(sql -> {
                var found = locked(sql, "id = :key", id);
                if (found.isEmpty()) {
                    return new Missing();
                }
                var product = found.get();
                return isStale(product, expected)
                        ? new Stale()
                        : save(sql, product, product.revise(details, ids(sql, details), now()));
            });
        } catch (ConstraintViolated e) {
            return e.constraint().equals(UNIQUE_SLUG) ? new SlugTaken() : skuTaken(e);
        }
    }

    /// @param expected the version that the client has seen; empty for any
    public Retirement retire(UUID id, OptionalLong expected) {
        return database.write(sql -> {
            var found = locked(sql, "id = :key", id);
            if (found.isEmpty()) {
                return new Missing();
            }
            var product = found.get();
            return isStale(product, expected) ? new Stale() : save(sql, product, product.retire(now()));
        });
    }

    /// Sets the price of a variant in one currency.
    public Repricing reprice(UUID variant, Money price) {
        return database.write(sql -> {
            var found = locked(sql, "id = (select product_id from variants where id = :key)", variant);
            return found.isEmpty()
                    ? new Missing()
                    : save(sql, found.get(), found.get().reprice(variant, price, now()));
        });
    }

    /// Creates the product of this slug, or revises it. What it did is undone if it fails, and nothing else of the
    /// transaction that it is part of.
    public Put put(ProductDetails details) {
        var slug = details.slug();
        try {
            return database.write(Transaction.nested(), sql -> {
                var found = locked(sql, "slug = :key", slug);
                while (found.isEmpty()) {
                    var created = insert(sql, Product.create(details, ids(sql, details), now()));
                    if (!(created instanceof SlugTaken)) {
                        return new Created(created);
                    }
                    // By another transaction, a moment ago; and perhaps given up by a third, a moment later.
                    found = locked(sql, "slug = :key", slug);
                }
                var product = found.get();
                return new Revised(save(sql, product, product.revise(details, ids(sql, details), now())));
            });
        } catch (ConstraintViolated e) {
            return new Revised(skuTaken(e));
        }
    }

    public Optional<Product> find(UUID id) {
        return database.read(sql -> find(sql, id));
    }

    private static Optional<Product> find(Queries sql, UUID id) {
        return ProductRows.select(sql, "where id = :id", query -> query.bind("id", id)).stream()
                .findFirst();
    }

    public Optional<Product> findActive(UUID id) {
        return find(id).filter(product -> product.status() == Product.Status.ACTIVE);
    }

    public Optional<Product> findActive(String slug) {
        return database
                .read(sql -> ProductRows.select(
                        sql, "where slug = :slug and status = 'ACTIVE'", query -> query.bind("slug", slug)))
                .stream()
                .findFirst();
    }

    public Page<Product> list(Filter filter, Order.Part<Product> part) {
        var range = Optional.ofNullable(filter.price());
        return database.read(sql -> ProductRows.page(
                sql,
                """
                        where (:status::text is null or status = :status)
                          and (:search::text is null or name ilike :search)
                          and (:currency::text is null or exists (
                            select 1 from variants join prices on prices.variant_id = variants.id
                            where variants.product_id = products.id and prices.valid_to is null
                              and currency = :currency and amount between :least and :most))""",
                part,
                query -> query.bind("status", filter.status())
                        .bind("search", Like.containing(filter.search()))
                        .bind("currency", range.map(PriceRange::currency))
                        .bind("least", range.map(PriceRange::least))
                        .bind("most", range.map(PriceRange::most))));
    }

    private Creation insert(Sql sql, Creation decision) {
        if (!(decision instanceof Accepted(var product))) {
            return decision;
        }
        var inserted = bound(product, sql.update("""
                        insert into products (id, slug, name, description, status, version, created_at, updated_at)
                        values (:id, :slug, :name, :description, :status, :version, :created, :updated)
                        on conflict (slug) do nothing
                        """))
                .bind("created", product.createdAt())
                .run();
        if (inserted == 0) {
            return new SlugTaken();
        }
        saveVariants(sql, List.of(), product);
        return decision;
    }

    /// Stores what was accepted.
    ///
    /// @param before the product that decided, whose row is locked
    private <D extends Decision> D save(Sql sql, Product before, D decision) {
        if (decision instanceof Accepted(var product) && !product.equals(before)) {
            bound(product, sql.update("""
                            update products
                            set slug = :slug, name = :name, description = :description, status = :status,
                                version = :version, updated_at = :updated
                            where id = :id
                            """)).run();
            saveVariants(sql, before.variants(), product);
        }
        return decision;
    }

    private static Update bound(Product product, Update statement) {
        return statement
                .bind("id", product.id())
                .bind("slug", product.slug())
                .bind("name", product.name())
                .bind("description", product.description())
                .bind("status", product.status())
                .bind("version", product.version())
                .bind("updated", product.updatedAt());
    }

    private void saveVariants(Sql sql, List<Variant> before, Product product) {
        var kept = product.variants().stream().map(Variant::id).toList();
        if (before.stream().anyMatch(variant -> !kept.contains(variant.id()))) {
            sql.update("""
                            update variants set left_at = :at
                            where product_id = :product and left_at is null and id <> all(:kept::uuid[])
                            """)
                    .bind("at", product.updatedAt())
                    .bind("product", product.id())
                    .bind("kept", kept)
                    .run();
        }
        var positions = IntStream.range(0, kept.size())
                .boxed()
                .filter(i -> i >= before.size()
                        || !before.get(i).isDescribedLike(product.variants().get(i)))
                .toList();
        sql.batch("""
                insert into variants (id, product_id, sku, name, attributes, position)
                values (:id, :product, :sku, :name, jsonb_object(:keys::text[], :values::text[]), :position)
                on conflict (id) do update
                set name = excluded.name, attributes = excluded.attributes, position = excluded.position
                """, positions, (row, position) -> {
            var variant = product.variants().get(position);
            row.bind("id", variant.id())
                    .bind("product", product.id())
                    .bind("sku", variant.sku())
                    .bind("name", variant.name())
                    .bind(
                            "keys",
                            variant.attributes().stream().map(Attribute::name).toList())
                    .bind(
                            "values",
                            variant.attributes().stream().map(Attribute::value).toList())
                    .bind("position", position);
        });
        prices.add(sql, product.priceEventsSince(before), product.updatedAt());
    }

    /// Whoever waits for a lock is told the locked row as it is then, but other rows as they were before: hence the second
    /// statement.
    private static Optional<Product> locked(Sql sql, String condition, Object key) {
        return sql
                .query("select id from products where " + condition + " for update")
                .bind("key", key)
                .map(row -> row.uuid("id"))
                .list()
                .stream()
                .findFirst()
                .flatMap(id -> find(sql, id));
    }

    private static boolean isStale(Product product, OptionalLong expected) {
        return expected.isPresent() && expected.getAsLong() != product.version();
    }

    /// As the database keeps times.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /// Ids by the database, which are drawn together at the first need: a product and its variants need no more.
    private static Supplier<UUID> ids(Sql sql, ProductDetails details) {
        var drawn = new ArrayDeque<UUID>();
        return () -> {
            if (drawn.isEmpty()) {
                drawn.addAll(sql.query("select uuidv7() as id from generate_series(0, :variants)")
                        .bind("variants", details.variants().size())
                        .map(row -> row.uuid("id"))
                        .list());
            }
            return drawn.remove();
        };
    }

    private static SkuTaken skuTaken(ConstraintViolated e) {
        if (e.constraint().equals(UNIQUE_SKU)) {
            return new SkuTaken();
        }
        throw e;
    }
}
