package dev.slipway.shop.product.postgres;

import dev.slipway.operation.Page;
import dev.slipway.postgres.Order;
import dev.slipway.postgres.PageQuery;
import dev.slipway.postgres.Queries;
import dev.slipway.postgres.Query;
import dev.slipway.postgres.Row;
import dev.slipway.shop.product.domain.Attribute;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Product;
import dev.slipway.shop.product.domain.Variant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes products of their rows, in two statements, however many they are: one for them, one for their variants and prices.
final class ProductRows {
    private static final String COLUMNS = "id, slug, name, description, status, version, created_at, updated_at";

    private ProductRows() {}

    /// @param tail of the statement, with its parameters
    static List<Product> select(Queries sql, String tail, UnaryOperator<Query> bind) {
        var found = bind.apply(sql.query("select " + COLUMNS + " from products " + tail))
                .map(ProductRows::bare)
                .list();
        return withVariants(sql, found);
    }

    /// @param tail of the statement as far as its last condition, with its parameters
    static Page<Product> page(
            Queries sql, String tail, Order.Part<Product> part, UnaryOperator<PageQuery<Product>> bind) {
        var page = bind.apply(sql.page("select " + COLUMNS + " from products " + tail, part))
                .map(ProductRows::bare);
        return new Page<>(withVariants(sql, page.items()), page.next());
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
                .map(product -> with(product, variants.getOrDefault(product.id(), List.of())))
                .toList();
    }

    private static Product with(Product bare, List<Variant> variants) {
        return new Product(
                bare.id(),
                bare.slug(),
                bare.name(),
                bare.description(),
                bare.status(),
                variants,
                bare.version(),
                bare.createdAt(),
                bare.updatedAt());
    }

    private record Owned(UUID product, Variant variant) {}

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
