package dev.slipway.shop.product.postgres;

import dev.slipway.operation.Cursor;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Sql;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.domain.PriceChange;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The prices in PostgreSQL: the current ones and all that were. Thread-safe.
///
/// Whoever sets prices holds the product's row, so those of one variant follow each other. The transaction that sets a
/// price announces its id, and nothing else, on [#CHANNEL].
public final class Prices {
    /// Where new prices are announced to all copies of the service.
    public static final String CHANNEL = "price_changes";

    private static final String COLUMNS = "id, variant_id, currency, amount, valid_from, valid_to";
    private static final String GIVEN = """
            from unnest(:skus::text[], :currencies::text[], :amounts::bigint[]) as given (sku, currency, amount)
            join variants on variants.product_id = :product and variants.sku = given.sku
            """;

    private final Database database;
    private final Clock clock;

    public sealed interface PriceChanging permits PriceSet, VariantMissing {}

    public record PriceSet(Price price) implements PriceChanging {}

    public record VariantMissing() implements PriceChanging {}

    public Prices(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Sets the price of a variant in one currency; the others stay. The same price again changes nothing.
    public PriceChanging change(UUID variant, Money money) {
        return database.write(sql -> {
            var now = clock.instant();
            var product = sql.query("""
                            update products set version = version + 1, updated_at = :now
                            where id = (select product_id from variants where id = :variant)
                            returning id
                            """)
                    .bind("variant", variant)
                    .bind("now", now)
                    .map(row -> row.uuid("id"))
                    .findOne();
            if (product.isEmpty()) {
                return new VariantMissing();
            }
            sql.update("""
                            update prices set valid_to = :now
                            where variant_id = :variant and currency = :currency and valid_to is null
                              and amount <> :amount
                            """)
                    .bind("variant", variant)
                    .bind("currency", money.currency())
                    .bind("amount", money.amount())
                    .bind("now", now)
                    .run();
            sql.query("""
                            with opened as (
                                insert into prices (variant_id, currency, amount, valid_from)
                                values (:variant, :currency, :amount, :now)
                                on conflict do nothing
                                returning id)
                            select id, pg_notify('price_changes', id::text) from opened
                            """)
                    .bind("variant", variant)
                    .bind("currency", money.currency())
                    .bind("amount", money.amount())
                    .bind("now", now)
                    .map(row -> row.bigint("id"))
                    .findOne();
            return new PriceSet(sql.query("select " + COLUMNS + """
                             from prices where variant_id = :variant and currency = :currency and valid_to is null
                            """)
                    .bind("variant", variant)
                    .bind("currency", money.currency())
                    .map(Prices::price)
                    .one());
        });
    }

    /// Makes these the prices of a product's variants, in the transaction that changes the product.
    void replace(Sql sql, UUID product, List<VariantDetails> variants, Instant now) {
        var skus = new ArrayList<String>();
        var currencies = new ArrayList<String>();
        var amounts = new ArrayList<Long>();
        for (var variant : variants) {
            for (var price : variant.prices()) {
                skus.add(variant.sku());
                currencies.add(price.currency());
                amounts.add(price.amount());
            }
        }
        sql.update("""
                        update prices set valid_to = :now
                        where valid_to is null
                          and variant_id in (select id from variants where product_id = :product)
                          and not exists (
                            select 1 %s
                            where variants.id = prices.variant_id and given.currency = prices.currency
                              and given.amount = prices.amount)
                        """.formatted(GIVEN))
                .bind("product", product)
                .bind("skus", skus)
                .bind("currencies", currencies)
                .bind("amounts", amounts)
                .bind("now", now)
                .run();
        sql.query("""
                        with opened as (
                            insert into prices (variant_id, currency, amount, valid_from)
                            select variants.id, given.currency, given.amount, :now %s
                            on conflict do nothing
                            returning id)
                        select id, pg_notify('price_changes', id::text) from opened
                        """.formatted(GIVEN))
                .bind("product", product)
                .bind("skus", skus)
                .bind("currencies", currencies)
                .bind("amounts", amounts)
                .bind("now", now)
                .map(row -> row.bigint("id"))
                .list();
    }

    /// Up to one more than the limit, the newest first; nothing for a variant of a product that is not active.
    public List<Price> history(UUID variant, Optional<String> currency, int limit, Optional<Cursor> after) {
        var text = "select " + COLUMNS + " from prices where variant_id = :variant"
                + " and (:currency::text is null or currency = :currency)"
                + " and exists (select 1 from variants join products on products.id = variants.product_id"
                + " where variants.id = :variant and products.status = 'ACTIVE')"
                + after.map(cursor -> " and id < :after").orElse("")
                + " order by id desc limit :rows";
        return database.read(sql -> {
            var select = sql.query(text)
                    .bind("variant", variant)
                    .bind("currency", currency)
                    .bind("rows", limit + 1);
            after.ifPresent(cursor -> select.bind("after", cursor.values().getFirst()));
            return select.map(Prices::price).list();
        });
    }

    /// Those of active products among these, in the order in which they were set.
    public List<PriceChange> changes(Collection<Long> ids) {
        return database.read(sql -> sql.query("""
                        select prices.id, product_id, variant_id, sku, currency, amount, valid_from
                        from prices
                        join variants on variants.id = prices.variant_id
                        join products on products.id = variants.product_id
                        where prices.id = any(:ids) and products.status = 'ACTIVE'
                        order by prices.id
                        """)
                .bind("ids", ids)
                .map(row -> new PriceChange(
                        row.uuid("product_id"),
                        row.uuid("variant_id"),
                        row.text("sku"),
                        money(row),
                        row.instant("valid_from")))
                .list());
    }

    private static Price price(Row row) {
        return new Price(
                row.bigint("id"),
                row.uuid("variant_id"),
                money(row),
                row.instant("valid_from"),
                row.find("valid_to", Instant.class).orElse(null));
    }

    private static Money money(Row row) {
        return new Money(row.bigint("amount"), row.text("currency"));
    }
}
