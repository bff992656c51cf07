package dev.slipway.shop.product.postgres;

import dev.slipway.operation.Page;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Order;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Sql;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.Price;
import dev.slipway.shop.product.domain.PriceChange;
import dev.slipway.shop.product.domain.PriceEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The prices in PostgreSQL: the current ones and all that were. Thread-safe.
///
/// Whoever sets prices holds the product's row, so those of one variant follow each other. The transaction that sets a
/// price announces its id, and nothing else, on [#CHANNEL].
public final class Prices {
    /// Where new prices are announced to all copies of the service.
    public static final String CHANNEL = "price_changes";

    private static final String COLUMNS = "id, variant_id, currency, amount, valid_from, valid_to";

    private final Database database;

    public Prices(Database database) {
        this.database = database;
    }

    /// Adds to the history, in the transaction that changes the product.
    void add(Sql sql, List<PriceEvent> events, Instant at) {
        var ended = new ArrayList<PriceEvent.Ended>();
        var begun = new ArrayList<PriceEvent.Begun>();
        for (var event : events) {
            switch (event) {
                case PriceEvent.Ended end -> ended.add(end);
                case PriceEvent.Begun begin -> begun.add(begin);
            }
        }
        if (!ended.isEmpty()) {
            sql.update("""
                            update prices set valid_to = :at
                            from unnest(:variants::uuid[], :currencies::text[]) as ended (variant, currency)
                            where variant_id = ended.variant and prices.currency = ended.currency and valid_to is null
                            """)
                    .bind("at", at)
                    .bind("variants", variants(ended))
                    .bind("currencies", currencies(ended))
                    .run();
        }
        if (!begun.isEmpty()) {
            sql.query("""
                            with begun as (
                                insert into prices (variant_id, currency, amount, valid_from)
                                select *, :at from unnest(:variants::uuid[], :currencies::text[], :amounts::bigint[])
                                returning id)
                            select id, pg_notify('price_changes', id::text) from begun
                            """)
                    .bind("at", at)
                    .bind("variants", variants(begun))
                    .bind("currencies", currencies(begun))
                    .bind(
                            "amounts",
                            begun.stream().map(it -> it.price().amount()).toList())
                    .map(row -> row.bigint("id"))
                    .list();
        }
    }

    private static List<UUID> variants(List<? extends PriceEvent> events) {
        return events.stream().map(PriceEvent::variant).toList();
    }

    private static List<String> currencies(List<? extends PriceEvent> events) {
        return events.stream().map(event -> event.price().currency()).toList();
    }

    public Price current(UUID variant, String currency) {
        return database.read(sql -> sql.query("select " + COLUMNS + """
                         from prices where variant_id = :variant and currency = :currency and valid_to is null
                        """)
                .bind("variant", variant)
                .bind("currency", currency)
                .map(Prices::price)
                .one());
    }

    /// Also of a variant that its product names no longer. Nothing for a variant of a product that is not active.
    public Page<Price> history(UUID variant, @Nullable String currency, Order.Part<Price> part) {
        return database.read(sql -> sql.page("select " + COLUMNS + """
                         from prices
                        where variant_id = :variant and (:currency::text is null or currency = :currency)
                          and exists (select 1 from variants join products on products.id = variants.product_id
                                      where variants.id = :variant and products.status = 'ACTIVE')""", part)
                .bind("variant", variant)
                .bind("currency", currency)
                .map(Prices::price));
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
