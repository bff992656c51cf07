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
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Makes products of their rows, in one statement, however many they are: with another for the variants, a change
/// between the two would give a product the variants of its next version.
final class ProductRows {
    /// Each with the id of its variant first.
    private static final String SELECT = """
            select id, slug, name, description, status, version, created_at, updated_at,
                array(select array[id::text, sku, name]
                      from variants where product_id = products.id and left_at is null
                      order by position, sku) as variants,
                array(select array[id::text, key, value]
                      from variants cross join jsonb_each_text(attributes)
                      where product_id = products.id and left_at is null) as attributes,
                array(select array[variant_id::text, currency, amount::text]
                      from variants join prices on variant_id = variants.id
                      where product_id = products.id and valid_to is null) as prices
            from products\s""";

    private ProductRows() {}

    /// @param condition of the statement, with its parameters
    static List<Product> select(Queries sql, String condition, UnaryOperator<Query> bind) {
        return bind.apply(sql.query(SELECT + condition))
                .map(ProductRows::product)
                .list();
    }

    /// @param condition of the statement, with its parameters
    static Page<Product> page(
            Queries sql, String condition, Order.Part<Product> part, UnaryOperator<PageQuery<Product>> bind) {
        return bind.apply(sql.page(SELECT + condition, part)).map(ProductRows::product);
    }

    private static Product product(Row row) {
        var attributes = row.textRows("attributes");
        var prices = row.textRows("prices");
        return new Product(
                row.uuid("id"),
                row.text("slug"),
                row.text("name"),
                row.text("description"),
                row.constant("status", Product.Status.class),
                row.textRows("variants").stream()
                        .map(variant -> variant(variant, attributes, prices))
                        .toList(),
                row.bigint("version"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }

    private static Variant variant(List<String> variant, List<List<String>> attributes, List<List<String>> prices) {
        var id = variant.getFirst();
        return new Variant(
                UUID.fromString(id),
                variant.get(1),
                variant.get(2),
                of(id, attributes, it -> new Attribute(it.get(1), it.get(2))),
                of(id, prices, it -> new Money(Long.parseLong(it.get(2)), it.get(1))));
    }

    private static <T> List<T> of(String variant, List<List<String>> rows, Function<List<String>, T> made) {
        return rows.stream()
                .filter(row -> row.getFirst().equals(variant))
                .map(made)
                .toList();
    }
}
