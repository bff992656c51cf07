package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
    private record Item(UUID id, String name, long rank, Instant at) {}

    private static final Item ITEM =
            new Item(new UUID(1, 2), "a.b, ü", Long.MAX_VALUE, Instant.parse("2026-01-31T12:00:00.123456Z"));
    private static final Order<Item> BY_NAME = Order.by(Column.text("name", Item::name), Column.uuid("id", Item::id));

    /// Rows are compared as rows, or no index over the columns would serve the condition.
    @Test
    void its_sql_is_what_an_index_over_the_columns_serves() {
        var next = BY_NAME.after(ITEM).encode();
        var previous = BY_NAME.descending().after(ITEM).encode();

        assertThat(BY_NAME.part(null, 20).sql()).isEqualTo(" order by name, id limit :rows");
        assertThat(BY_NAME.part(next, 20).sql())
                .isEqualTo(" and (name, id) > (:after1, :after2) order by name, id limit :rows");
        assertThat(BY_NAME.descending().part(null, 20).sql()).isEqualTo(" order by name desc, id desc limit :rows");
        assertThat(BY_NAME.descending().part(previous, 20).sql())
                .isEqualTo(" and (name, id) < (:after1, :after2) order by name desc, id desc limit :rows");
    }

    @Test
    void a_cursor_brings_back_the_values_of_all_types() {
        var order = Order.by(
                Column.text("name", Item::name),
                Column.instant("at", Item::at),
                Column.bigint("rank", Item::rank),
                Column.uuid("id", Item::id));

        var part = order.part(order.after(ITEM).encode(), 3);

        assertThat(part.after().orElseThrow().values())
                .isEqualTo(List.of(ITEM.name(), ITEM.at(), ITEM.rank(), ITEM.id()));
    }

    @Test
    void a_cursor_is_good_for_its_own_order_only() {
        var cursor = BY_NAME.after(ITEM).encode();

        assertThatThrownBy(() -> BY_NAME.descending().part(cursor, 3)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Order.by(Column.text("name", Item::name)).part(cursor, 3))
                .isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bm9wZQ", "'; drop table items; --"})
    void what_is_no_cursor_is_refused(String cursor) {
        assertThatThrownBy(() -> BY_NAME.part(cursor, 3)).isInstanceOf(ProblemException.class);
    }
}
