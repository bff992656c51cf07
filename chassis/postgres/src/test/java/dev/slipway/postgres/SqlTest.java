package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Problem.Kind;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlTest {
    private static final UUID ID = UUID.fromString("0198a2a0-0000-7000-8000-000000000001");

    private record Widget(UUID id, String name, int version) {
        static Widget from(Row row) {
            return new Widget(row.uuid("id"), row.text("name"), row.integer("version"));
        }
    }

    @AutoClose
    private final TestServer server = new TestServer();

    private final Database database = server.service("--postgres.statement-timeout=1s", "--postgres.lock-timeout=200ms")
            .database();

    @BeforeEach
    void empty() {
        server.execute("truncate widgets");
    }

    private void add(UUID id, String name) {
        database.write(sql -> sql.update("insert into widgets (id, name) values (:id, :name)")
                .bind("id", id)
                .bind("name", name)
                .run());
    }

    @Test
    void a_row_is_found_by_its_key() {
        add(ID, "anvil");

        assertThat(find(ID)).contains(new Widget(ID, "anvil", 1));
        assertThat(find(UUID.randomUUID())).isEmpty();
    }

    private Optional<Widget> find(UUID id) {
        return database.read(sql -> sql.query("select id, name, version from widgets where id = :id")
                .bind("id", id)
                .map(Widget::from)
                .findOne());
    }

    @Test
    void values_of_every_type_come_back_as_they_went() {
        var instant = Instant.parse("2026-03-29T01:59:59.123456Z");
        database.read(sql -> sql.query("""
                        select cast(:text as text) as text, cast(:whole as integer) as whole,
                               cast(:big as bigint) as big, cast(:flag as boolean) as flag,
                               cast(:money as numeric) as money, cast(:moment as timestamptz) as moment,
                               cast(:day as date) as day, cast(:raw as bytea) as raw, cast(:id as uuid) as id,
                               cast(:kind as text) as kind, cast(:none as text) as none,
                               cast(:empty as timestamptz) as empty, cast(:words as text[]) as words""")
                .bind("text", "Ünïcödé ' ; --")
                .bind("whole", -7)
                .bind("big", Long.MAX_VALUE)
                .bind("flag", true)
                .bind("money", new BigDecimal("12.340"))
                .bind("moment", instant)
                .bind("day", LocalDate.of(2026, 2, 28))
                .bind("raw", new byte[] {0, -1})
                .bind("id", ID)
                .bind("kind", TimeUnit.HOURS)
                .bind("none", null)
                .bind("empty", Optional.empty())
                .bind("words", List.of("a,b", "c\"d"))
                .map(row -> {
                    assertThat(row.text("text")).isEqualTo("Ünïcödé ' ; --");
                    assertThat(row.integer("whole")).isEqualTo(-7);
                    assertThat(row.bigint("big")).isEqualTo(Long.MAX_VALUE);
                    assertThat(row.bool("flag")).isTrue();
                    assertThat(row.decimal("money")).isEqualTo(new BigDecimal("12.340"));
                    assertThat(row.instant("moment")).isEqualTo(instant);
                    assertThat(row.date("day")).isEqualTo("2026-02-28");
                    assertThat(row.bytes("raw")).containsExactly(0, -1);
                    assertThat(row.uuid("id")).isEqualTo(ID);
                    assertThat(row.constant("kind", TimeUnit.class)).isEqualTo(TimeUnit.HOURS);
                    assertThat(row.texts("words")).containsExactly("a,b", "c\"d");
                    assertThat(row.find("none", String.class)).isEmpty();
                    assertThat(row.find("empty", Instant.class)).isEmpty();
                    assertThat(row.find("moment", Instant.class)).contains(instant);
                    assertThat(row.find("whole", Integer.class)).contains(-7);
                    assertThatThrownBy(() -> row.text("none")).hasMessage("column none is null");
                    assertThatThrownBy(() -> row.text("absent")).isInstanceOf(DatabaseException.Failed.class);
                    return 0;
                })
                .one());
    }

    @Test
    void a_subquery_of_several_texts_is_read_as_rows() {
        var read = database.read(sql -> sql.query("""
                        select array(select array[word, 'a,"b'] from unnest(:words::text[]) as word) as some,
                            array(select array[word, word] from unnest(:none::text[]) as word) as none,
                            null::text[] as absent
                        """)
                .bind("words", List.of("one", "two"))
                .bind("none", List.of())
                .map(row -> {
                    assertThatThrownBy(() -> row.textRows("absent")).hasMessage("column absent is null");
                    return List.of(row.textRows("some"), row.textRows("none"));
                })
                .one());

        assertThat(read).containsExactly(List.of(List.of("one", "a,\"b"), List.of("two", "a,\"b")), List.of());
    }

    @Test
    void names_in_quotes_comments_and_casts_are_no_parameters() {
        var sql = NamedSql.parse("""
                select ':a', "b:c", 'it''s :d', $$ :e $$, $x$ :f $x$, '1'::text, tags ? 'g' -- :h
                /* :i */ from t where x = :real and y = any(z[1:2]) and w = :real and v = :other_1""");

        assertThat(sql.names()).containsExactly("real", "other_1");
        assertThat(sql.positions()).containsExactly(0, 0, 1);
        assertThat(sql.text()).contains("x = ?", "w = ?", "v = ?", "tags ?? 'g'", "z[1:2]", "'1'::text", "':a'");
    }

    @Test
    void it_is_told_apart_what_writes() {
        assertThat(NamedSql.parse("-- why\n /* so */ SELECT 1").writes()).isFalse();
        assertThat(NamedSql.parse("Insert into t values (1)").writes()).isTrue();
        assertThat(NamedSql.parse("").writes()).isFalse();
    }

    @Test
    void parameters_must_fit_the_statement() {
        assertThatThrownBy(() -> database.read(sql -> sql.query("select :a").bind("b", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(":b");
        assertThatThrownBy(() -> database.read(sql ->
                        sql.query("select :a as a").map(row -> row.text("a")).findOne()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(":a was not set");
    }

    @Test
    void collections_are_arrays() {
        add(ID, "anvil");
        add(UUID.randomUUID(), "bolt");

        assertThat(byIds(List.of(ID, UUID.randomUUID()))).isEqualTo(1);
        assertThat(byIds(List.of())).isZero();
        assertThat(database.<List<Long>>read(sql -> sql.query(
                                "select n from unnest(:longs) with ordinality as t(n, o) where o = any(:places)")
                        .bind("longs", List.of(7L, 8L, 9L))
                        .bind("places", List.of(1, 3))
                        .map(row -> row.bigint("n"))
                        .list()))
                .containsExactly(7L, 9L);
    }

    private int byIds(List<UUID> ids) {
        return database.read(sql -> sql.query("select id, name, version from widgets where id = any(:ids)")
                .bind("ids", ids)
                .map(Widget::from)
                .list()
                .size());
    }

    @Test
    void a_batch_writes_all_or_nothing() {
        var names = IntStream.range(0, 1_200).mapToObj(i -> "w" + i).toList();
        addAll(names);
        assertThat(server.count("select count(*) from widgets")).isEqualTo(1_200);

        assertThatThrownBy(() -> addAll(List.of("new", "w7")))
                .isInstanceOfSatisfying(
                        DatabaseException.ConstraintViolated.class,
                        e -> assertThat(e.constraint()).isEqualTo("widgets_name_taken"));
        assertThat(server.count("select count(*) from widgets")).isEqualTo(1_200);

        var seen = new ArrayList<String>();
        database.<Object>write(sql -> {
            sql.query("select id, name, version from widgets order by name")
                    .map(Widget::from)
                    .forEach(widget -> seen.add(widget.name()));
            return 0;
        });
        assertThat(seen).hasSize(1_200).isSorted();
    }

    private void addAll(List<String> names) {
        database.<Object>write(sql -> {
            sql.batch(
                    "insert into widgets (id, name) values (:id, :name)",
                    names,
                    (row, name) -> row.bind("id", UUID.randomUUID()).bind("name", name));
            return 0;
        });
    }

    @Test
    void one_row_means_one_row() {
        add(UUID.randomUUID(), "a");
        add(UUID.randomUUID(), "b");

        assertThatThrownBy(() -> database.read(sql -> sql.query("select id, name, version from widgets")
                        .map(Widget::from)
                        .findOne()))
                .hasMessage("more than one row");
        assertThatThrownBy(() -> database.read(sql -> sql.query("select 1 as n where false")
                        .map(row -> row.integer("n"))
                        .one()))
                .hasMessage("no row");
    }

    @Test
    void a_change_of_a_stale_or_missing_row_says_so() {
        add(ID, "anvil");

        assertThat(rename(ID, "anvil 2", 1)).isEqualTo(new Write.Done<>(new Widget(ID, "anvil 2", 2)));
        assertThat(rename(ID, "anvil 3", 1)).isEqualTo(new Write.Stale<>());
        assertThat(rename(UUID.randomUUID(), "x", 1)).isEqualTo(new Write.Missing<>());
    }

    private Write.Versioned<Widget> rename(UUID id, String name, int version) {
        return database.write(sql -> sql.query("""
                        update widgets set name = :name, version = version + 1
                        where id = :id and version = :version
                        returning id, name, version""")
                .bind("id", id)
                .bind("name", name)
                .bind("version", version)
                .map(Widget::from)
                .versioned("select version from widgets where id = :id"));
    }

    @Test
    void an_expected_version_may_be_any() {
        var versions = List.of(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.of(2));
        add(ID, "anvil");

        assertThat(versions).extracting(this::countOf).containsExactly(1L, 1L, 0L);
    }

    private long countOf(OptionalLong version) {
        return database.read(sql -> sql.query(
                        "select count(*) as n from widgets where :version::bigint is null or version = :version")
                .bind("version", version)
                .map(row -> row.bigint("n"))
                .one());
    }

    @Test
    void a_write_of_a_taken_value_says_so_and_leaves_other_constraints_alone() {
        add(ID, "anvil");
        var other = UUID.randomUUID();
        add(other, "hammer");

        assertThat(Write.unique("widgets_name_taken", () -> named(UUID.randomUUID(), "saw")))
                .isEqualTo(new Write.Done<>("saw"));
        assertThat(Write.unique("widgets_name_taken", () -> named(UUID.randomUUID(), "anvil")))
                .isEqualTo(new Write.Taken<>());
        assertThatThrownBy(() -> Write.unique("widgets_pkey", () -> named(UUID.randomUUID(), "anvil")))
                .isInstanceOf(DatabaseException.ConstraintViolated.class);
        assertThat(Write.uniqueVersioned("widgets_name_taken", () -> rename(other, "anvil", 1)))
                .isEqualTo(new Write.Taken<>());
        assertThat(Write.uniqueVersioned("widgets_name_taken", () -> rename(other, "mallet", 1)))
                .isEqualTo(new Write.Done<>(new Widget(other, "mallet", 2)));
        assertThat(Write.uniqueVersioned("widgets_name_taken", () -> rename(other, "mallet", 1)))
                .isEqualTo(new Write.Stale<>());
        assertThatThrownBy(() -> Write.uniqueVersioned("widgets_pkey", () -> rename(other, "anvil", 2)))
                .isInstanceOf(DatabaseException.ConstraintViolated.class);
    }

    private String named(UUID id, String name) {
        add(id, name);
        return name;
    }

    @Test
    void a_part_of_a_text_is_looked_for_literally() {
        for (var name : List.of("100%", "100 anvils", "a_b", "acb", "back\\slash")) {
            add(UUID.randomUUID(), name);
        }

        assertThat(like("0%")).containsExactly("100%");
        assertThat(like("a_B")).containsExactly("a_b");
        assertThat(like("k\\s")).containsExactly("back\\slash");
        assertThat(like(null)).hasSize(5);
    }

    private List<String> like(@Nullable String part) {
        return database.read(sql -> sql.query("select name from widgets where :part::text is null or name ilike :part")
                .bind("part", Like.containing(part))
                .map(row -> row.text("name"))
                .list());
    }

    @Test
    void a_list_comes_in_parts_in_either_direction() {
        var order = Order.by(
                Column.bigint("version", (Widget widget) -> (long) widget.version()), Column.uuid("id", Widget::id));
        for (var i = 1; i <= 5; i++) {
            add(new UUID(7, i), "widget " + i);
        }
        // Two have each of the versions 1 and 2, so that the id decides.
        database.write(sql -> sql.update("update widgets set version = 2 where name in ('widget 2', 'widget 4')")
                .run());
        database.write(sql -> sql.update("update widgets set version = 3 where name = 'widget 1'")
                .run());

        assertThat(all(order)).containsExactly("widget 3", "widget 5", "widget 2", "widget 4", "widget 1");
        assertThat(all(order.descending())).containsExactly("widget 1", "widget 4", "widget 2", "widget 5", "widget 3");
    }

    private List<String> all(Order<Widget> order) {
        var names = new ArrayList<String>();
        String cursor = null;
        do {
            var part = order.part(cursor, 2);
            var page =
                    database.read(sql -> sql.page("select id, name, version from widgets where name like :name", part)
                            .bind("name", "widget %")
                            .map(Widget::from));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
            page.items().forEach(widget -> names.add(widget.name()));
            cursor = page.next().orElse(null);
        } while (cursor != null);
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows", "after1", "after2"})
    void what_a_page_sets_itself_nobody_else_sets(String name) {
        var part = Order.by(Column.text("name", Widget::name), Column.uuid("id", Widget::id))
                .part(null, 2);

        assertThatThrownBy(() -> database.read(sql -> sql.page("select id, name, version from widgets where true", part)
                        .bind(name, 1_000_000)
                        .map(Widget::from)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the parameter :%s is the page's own", name);
    }

    @Test
    void a_broken_constraint_is_told_by_its_name() {
        add(ID, "anvil");

        assertThatThrownBy(() -> add(UUID.randomUUID(), "anvil"))
                .isInstanceOfSatisfying(DatabaseException.ConstraintViolated.class, e -> {
                    assertThat(e.constraint()).isEqualTo("widgets_name_taken");
                    assertThat(e.problem().kind()).isEqualTo(Kind.CONFLICT);
                    assertThat(e.problem().detail()).doesNotContain("widgets");
                });
        assertThatThrownBy(() -> database.write(
                        sql -> sql.update("update widgets set amount = -1").run()))
                .isInstanceOfSatisfying(DatabaseException.ConstraintViolated.class, e -> {
                    assertThat(e.constraint()).isEqualTo("widgets_amount_positive");
                    assertThat(e.problem().kind()).isEqualTo(Kind.INTERNAL);
                });
        assertThatThrownBy(() -> database.write(
                        sql -> sql.update("update widgets set name = null").run()))
                .isInstanceOfSatisfying(
                        DatabaseException.ConstraintViolated.class,
                        e -> assertThat(e.constraint()).isEqualTo("name"));
    }

    private List<String> texts(String query) {
        return database.read(sql -> sql.query(query).map(row -> row.text("it")).list());
    }

    @Test
    void a_statement_that_takes_too_long_ends() {
        assertThatThrownBy(() -> texts("select pg_sleep(60)::text as it"))
                .isInstanceOfSatisfying(DatabaseException.TimedOut.class, e -> {
                    assertThat(e.problem().kind()).isEqualTo(Kind.TIMEOUT);
                    assertThat(e.problem().code()).isEqualTo("database-timeout");
                });
    }

    @Test
    void a_wait_for_a_lock_that_takes_too_long_ends() throws SQLException {
        add(ID, "anvil");
        try (var other = server.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update widgets set amount = 1");

            assertThatThrownBy(() -> rename(ID, "late", 1))
                    .isInstanceOfSatisfying(
                            DatabaseException.TimedOut.class,
                            e -> assertThat(e.problem().code()).isEqualTo("database-lock-timeout"));
            other.rollback();
        }
    }

    @Test
    void wrong_sql_fails_without_telling_clients_what_it_was() {
        assertThatThrownBy(() -> texts("select secret as it from nowhere"))
                .isInstanceOfSatisfying(DatabaseException.Failed.class, e -> {
                    assertThat(e.problem().kind()).isEqualTo(Kind.INTERNAL);
                    assertThat(e.getMessage()).doesNotContain("nowhere").doesNotContain("secret");
                });
    }
}
