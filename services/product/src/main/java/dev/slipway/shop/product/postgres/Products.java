package dev.slipway.shop.product.postgres;

import dev.slipway.operation.Cursor;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.DatabaseException.ConstraintViolated;
import dev.slipway.postgres.Queries;
import dev.slipway.postgres.Query;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Sql;
import dev.slipway.postgres.Transaction;
import dev.slipway.postgres.Write;
import dev.slipway.shop.product.domain.Attribute;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.domain.ProductDetails;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import dev.slipway.shop.product.domain.Variant;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The products with their variants in PostgreSQL. Slugs are unique, and so are SKUs. Thread-safe.
///
/// Reading takes two statements, however many products there are: one for them, one for their variants and prices.
public final class Products {
    private static final String COLUMNS = "id, slug, name, description, status, version, created_at, updated_at";
    private static final String CURRENT_VERSION = "select version from products where id = :id";
    private static final String UNIQUE_SLUG = "products_slug_key";
    private static final String UNIQUE_SKU = "variants_sku_key";

    private final Database database;
    private final Clock clock;
    private final Prices prices;

    public sealed interface Creation permits Created, SlugTaken, SkuTaken {}

    public sealed interface Change permits Changed, SlugTaken, SkuTaken, Stale, Missing {}

    public sealed interface Retirement permits Retired, Stale, Missing {}

    /// What became of one item of an import.
    public sealed interface Import permits Created, Changed, SkuTaken {}

    public record Created(Product product) implements Creation, Import {}

    public record Changed(Product product) implements Change, Import {}

    public record Retired(Product product) implements Retirement {}

    public record SlugTaken() implements Creation, Change {}

    /// A variant of another product has it.
    public record SkuTaken() implements Creation, Change, Import {}

    /// The product has changed since the client saw it.
    public record Stale() implements Change, Retirement {}

    public record Missing() implements Change, Retirement {}

    /// Which products, in which order.
    ///
    /// @param search a pattern for `ilike`
    /// @param price of at least one variant, now
    public record Selection(
            Optional<Product.Status> status,
            Optional<String> search,
            Optional<PriceRange> price,
            ProductSort sort,
            int limit,
            Optional<Cursor> after) {}

    /// In the currency's smallest unit, both ends included.
    public record PriceRange(String currency, long least, long most) {}

    public Products(Database database, Clock clock, Prices prices) {
        this.database = database;
        this.clock = clock;
        this.prices = prices;
    }

    public Creation create(ProductDetails details) {
        try {
            return database.write(
                    sql -> insert(sql, details).<Creation>map(Created::new).orElseGet(SlugTaken::new));
        } catch (ConstraintViolated e) {
            return skuTaken(e);
        }
    }

    public Optional<Product> find(UUID id) {
        return database.read(sql -> products(sql, "where id = :id", query -> query.bind("id", id)).stream()
                .findFirst());
    }

    public Optional<Product> findActive(UUID id) {
        return find(id).filter(product -> product.status() == Product.Status.ACTIVE);
    }

    public Optional<Product> findActive(String slug) {
        return database
                .read(sql ->
                        products(sql, "where slug = :slug and status = 'ACTIVE'", query -> query.bind("slug", slug)))
                .stream()
                .findFirst();
    }

    /// Up to one more than the limit.
    public List<Product> list(Selection selection) {
        var conditions = new ArrayList<String>();
        selection.status().ifPresent(status -> conditions.add("status = :status"));
        selection.search().ifPresent(pattern -> conditions.add("name ilike :search"));
        selection.price().ifPresent(range -> conditions.add("""
                exists (select 1 from variants join prices on prices.variant_id = variants.id
                        where variants.product_id = products.id and prices.valid_to is null
                          and currency = :currency and amount between :least and :most)"""));
        selection.after().ifPresent(cursor -> conditions.add(selection.sort().following()));
        var tail = (conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions)) + " order by "
                + selection.sort().order() + " limit :rows";
        return database.read(sql -> products(sql, tail, query -> {
            query.bind("rows", selection.limit() + 1);
            selection.status().ifPresent(status -> query.bind("status", status));
            selection.search().ifPresent(pattern -> query.bind("search", pattern));
            selection
                    .price()
                    .ifPresent(range -> query.bind("currency", range.currency())
                            .bind("least", range.least())
                            .bind("most", range.most()));
            selection
                    .after()
                    .ifPresent(cursor -> query.bind("value", cursor.values().getFirst())
                            .bind("id", cursor.values().getLast()));
            return query;
        }));
    }

    /// @param expected the version that the client has seen; empty for any
    public Change change(UUID id, OptionalLong expected, ProductDetails details) {
        try {
            return database.write(sql -> {
                var now = clock.instant();
                var written = sql.query("""
                                update products
                                set slug = :slug, name = :name, description = :description,
                                    status = coalesce(:status, status), updated_at = :now, version = version + 1
                                where id = :id and (:expected::bigint is null or version = :expected)
                                returning %s
                                """.formatted(COLUMNS))
                        .bind("id", id)
                        .bind("expected", expected)
                        .bind("slug", details.slug())
                        .bind("name", details.name())
                        .bind("description", details.description())
                        .bind("status", Optional.ofNullable(details.status()))
                        .bind("now", now)
                        .map(Products::bare)
                        .versioned(CURRENT_VERSION);
                return switch (written) {
                    case Write.Done(var product) -> new Changed(complete(sql, product, details, now));
                    case Write.Stale() -> new Stale();
                    case Write.Missing() -> new Missing();
                };
            });
        } catch (ConstraintViolated e) {
            return e.constraint().equals(UNIQUE_SLUG) ? new SlugTaken() : skuTaken(e);
        }
    }

    /// @param expected the version that the client has seen; empty for any
    public Retirement retire(UUID id, OptionalLong expected) {
        return database.write(sql -> {
            var written = sql.query("""
                            update products set status = 'RETIRED', updated_at = :now, version = version + 1
                            where id = :id and (:expected::bigint is null or version = :expected)
                            returning %s
                            """.formatted(COLUMNS))
                    .bind("id", id)
                    .bind("expected", expected)
                    .bind("now", clock.instant())
                    .map(Products::bare)
                    .versioned(CURRENT_VERSION);
            return switch (written) {
                case Write.Done(var product) ->
                    new Retired(withVariants(sql, List.of(product)).getFirst());
                case Write.Stale() -> new Stale();
                case Write.Missing() -> new Missing();
            };
        });
    }

    /// Creates the product of this slug, or changes it. What it did is undone if it fails, and nothing else of the
    /// transaction that it is part of.
    public Import createOrChange(ProductDetails details) {
        try {
            return database.write(Transaction.nested(), sql -> {
                var created = insert(sql, details);
                if (created.isPresent()) {
                    return new Created(created.get());
                }
                var now = clock.instant();
                var changed = sql.query("""
                                update products
                                set name = :name, description = :description, status = coalesce(:status, status),
                                    updated_at = :now, version = version + 1
                                where slug = :slug
                                returning %s
                                """.formatted(COLUMNS))
                        .bind("slug", details.slug())
                        .bind("name", details.name())
                        .bind("description", details.description())
                        .bind("status", Optional.ofNullable(details.status()))
                        .bind("now", now)
                        .map(Products::bare)
                        .one();
                return new Changed(complete(sql, changed, details, now));
            });
        } catch (ConstraintViolated e) {
            return skuTaken(e);
        }
    }

    /// Empty if the slug is taken.
    private Optional<Product> insert(Sql sql, ProductDetails details) {
        var now = clock.instant();
        return sql.query("""
                        insert into products (slug, name, description, status, created_at, updated_at)
                        values (:slug, :name, :description, coalesce(:status, 'DRAFT'), :now, :now)
                        on conflict (slug) do nothing
                        returning %s
                        """.formatted(COLUMNS))
                .bind("slug", details.slug())
                .bind("name", details.name())
                .bind("description", details.description())
                .bind("status", Optional.ofNullable(details.status()))
                .bind("now", now)
                .map(Products::bare)
                .findOne()
                .map(product -> complete(sql, product, details, now));
    }

    /// Writes the variants and prices of a product whose row is held.
    private Product complete(Sql sql, Product product, ProductDetails details, Instant now) {
        var variants = details.variants();
        sql.update("delete from variants where product_id = :product and sku <> all(:skus::text[])")
                .bind("product", product.id())
                .bind("skus", variants.stream().map(VariantDetails::sku).toList())
                .run();
        var positions = IntStream.range(0, variants.size()).boxed().toList();
        sql.batch("""
                insert into variants (product_id, sku, name, attributes, position)
                values (:product, :sku, :name, jsonb_object(:keys::text[], :values::text[]), :position)
                on conflict (product_id, sku) do update
                set name = excluded.name, attributes = excluded.attributes, position = excluded.position
                """, positions, (row, position) -> {
            var variant = variants.get(position);
            var attributes = variant.attributes();
            row.bind("product", product.id())
                    .bind("sku", variant.sku())
                    .bind("name", variant.name())
                    .bind("keys", attributes.stream().map(Attribute::name).toList())
                    .bind("values", attributes.stream().map(Attribute::value).toList())
                    .bind("position", position);
        });
        prices.replace(sql, product.id(), variants, now);
        return withVariants(sql, List.of(product)).getFirst();
    }

    private static List<Product> products(Queries sql, String tail, UnaryOperator<Query> bind) {
        var found = bind.apply(sql.query("select " + COLUMNS + " from products " + tail))
                .map(Products::bare)
                .list();
        return withVariants(sql, found);
    }

    private static List<Product> withVariants(Queries sql, List<Product> products) {
        if (products.isEmpty()) {
            return products;
        }
        var variants = sql
                .query("""
                        select variants.id, product_id, sku, name,
                            array(select key from jsonb_each_text(attributes) order by key) as keys,
                            array(select value from jsonb_each_text(attributes) order by key) as values,
                            array(select currency from prices
                                  where variant_id = variants.id and valid_to is null order by currency) as currencies,
                            array(select amount::text from prices
                                  where variant_id = variants.id and valid_to is null order by currency) as amounts
                        from variants
                        where product_id = any(:products)
                        order by position, sku
                        """)
                .bind("products", products.stream().map(Product::id).toList())
                .map(row -> new Owned(row.uuid("product_id"), variant(row)))
                .list()
                .stream()
                .collect(
                        Collectors.groupingBy(Owned::product, Collectors.mapping(Owned::variant, Collectors.toList())));
        return products.stream()
                .map(product -> product.with(variants.getOrDefault(product.id(), List.of())))
                .toList();
    }

    private record Owned(UUID product, Variant variant) {}

    private static SkuTaken skuTaken(ConstraintViolated e) {
        if (e.constraint().equals(UNIQUE_SKU)) {
            return new SkuTaken();
        }
        throw e;
    }

    /// Without its variants.
    private static Product bare(Row row) {
        return new Product(
                row.uuid("id"),
                row.text("slug"),
                row.text("name"),
                row.text("description"),
                row.constant("status", Product.Status.class),
                List.of(),
                row.bigint("version"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }

    private static Variant variant(Row row) {
        var keys = row.texts("keys");
        var values = row.texts("values");
        var attributes = IntStream.range(0, keys.size())
                .mapToObj(i -> new Attribute(keys.get(i), values.get(i)))
                .toList();
        var currencies = row.texts("currencies");
        var amounts = row.texts("amounts");
        var prices = IntStream.range(0, currencies.size())
                .mapToObj(i -> new Money(Long.parseLong(amounts.get(i)), currencies.get(i)))
                .toList();
        return new Variant(row.uuid("id"), row.text("sku"), row.text("name"), attributes, prices);
    }
}
