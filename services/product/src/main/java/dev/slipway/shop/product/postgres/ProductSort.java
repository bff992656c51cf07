package dev.slipway.shop.product.postgres;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.Cursor;
import dev.slipway.shop.product.domain.Product;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The orders that have an index; the id makes each of them total.
public enum ProductSort {
    @JsonProperty("name")
    NAME("name, id", "(name, id) > (:value, :id)", Product::name, text -> text),
    @JsonProperty("-name")
    NAME_DESCENDING("name desc, id desc", "(name, id) < (:value, :id)", Product::name, text -> text),
    @JsonProperty("created")
    CREATED("created_at, id", "(created_at, id) > (:value, :id)", Product::createdAt, Instant::parse),
    @JsonProperty("-created")
    CREATED_DESCENDING(
            "created_at desc, id desc", "(created_at, id) < (:value, :id)", Product::createdAt, Instant::parse);

    private final String order;
    private final String following;
    private final Function<Product, Object> value;
    private final Function<String, Object> parser;

    ProductSort(String order, String following, Function<Product, Object> value, Function<String, Object> parser) {
        this.order = order;
        this.following = following;
        this.value = value;
        this.parser = parser;
    }

    /// The columns, in SQL.
    String order() {
        return order;
    }

    /// The condition for the rows behind a cursor, in SQL.
    String following() {
        return following;
    }

    public Cursor after(Product last) {
        return Cursor.of(name(), value.apply(last), last.id());
    }

    public Optional<Cursor> parse(@Nullable String cursor) {
        return Cursor.decode(cursor, name(), List.of(parser, UUID::fromString));
    }
}
