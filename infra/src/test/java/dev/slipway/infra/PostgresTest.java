package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTest {
    @RegisterExtension
    static final TestHome HOME = new TestHome();

    private Postgres postgres;

    @BeforeEach
    void join() {
        postgres = HOME.join();
    }

    @AfterEach
    void leave() {
        postgres.close();
    }

    @Test
    void a_database_belongs_to_a_role_of_its_own_name() throws SQLException {
        var orders = postgres.database("orders");

        try (var connection = connect(orders)) {
            execute(connection, "CREATE TABLE placed (id int)");
            assertThat(ask(connection, "SELECT current_user")).isEqualTo("orders");
            assertThat(ask(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("f");
            assertThat(ask(connection, "SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void the_server_can_do_what_the_chassis_needs() throws SQLException {
        try (var connection = connect(postgres.database("orders"))) {
            assertThat(ask(connection, "SHOW wal_level")).isEqualTo("logical");
            assertThat(ask(connection, "SHOW max_prepared_transactions")).isEqualTo("64");
            assertThat(ask(connection, "SHOW max_connections")).isEqualTo("200");
            assertThat(ask(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void all_who_ask_for_a_database_at_once_get_the_same_one() throws Exception {
        Set<PostgresAddress> addresses = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PostgresAddress>> asked = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "asked_" + i % 2;
                asked.add(threads.submit(() -> postgres.database(name)));
            }
            for (var answer : asked) {
                addresses.add(answer.get());
            }
        }

        assertThat(addresses).hasSize(2);
        for (var address : addresses) {
            connect(address).close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Orders",
                "1st",
                "a-b",
                "a b",
                "a\"; DROP DATABASE postgres; --",
                "pg_orders",
                "postgres",
                "template1",
                "a123456789012345678901234567890123456789012345678"
            })
    void a_name_that_sql_could_misread_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> postgres.database(name))
                .withMessageContaining("cannot name a database");
        assertThatIllegalArgumentException().isThrownBy(() -> postgres.fresh(name, empty -> {}));
    }

    @Test
    void nobody_gets_in_with_another_password() {
        var orders = postgres.database("orders");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> DriverManager.getConnection(orders.jdbcUrl(), "postgres", orders.password()))
                .withMessageContaining("password authentication failed");
        assertThat(orders.toString()).doesNotContain(orders.password());
    }

    @Test
    void a_fresh_database_is_a_copy_of_its_template_until_it_is_closed() throws SQLException {
        var prepared = new AtomicInteger();

        try (var first = postgres.fresh("catalog", template -> prepare(template, prepared));
                var second = postgres.fresh("catalog", template -> prepare(template, prepared))) {
            try (var connection = connect(first.address())) {
                execute(connection, "INSERT INTO items VALUES (2)");
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("2");
            }
            try (var connection = connect(second.address())) {
                assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("1");
            }
        }

        assertThat(prepared).hasValue(1);
        try (var connection = connect(postgres.database("observer"))) {
            assertThat(ask(connection, "SELECT count(*) FROM pg_database WHERE datname LIKE 'catalog\\_%'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void closing_a_fresh_database_ends_its_connections() throws SQLException {
        var fresh = postgres.fresh("busy", empty -> {});
        try (var connection = connect(fresh.address())) {
            fresh.close();

            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(connection, "SELECT 1"));
        }
    }

    @Test
    void copies_can_be_made_at_once() throws Exception {
        var prepared = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<FreshDatabase>> copies = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                copies.add(threads.submit(() -> postgres.fresh("crowd", template -> prepare(template, prepared))));
            }
            for (var copy : copies) {
                copy.get().close();
            }
        }
        assertThat(prepared).hasValue(1);
    }

    @Test
    void a_template_whose_preparation_failed_is_prepared_anew() {
        assertThatIllegalStateException()
                .isThrownBy(() -> postgres.fresh("halfway", template -> {
                    throw new IllegalStateException("migration 7 failed");
                }));
        var prepared = new AtomicInteger();

        postgres.fresh("halfway", template -> prepare(template, prepared)).close();

        assertThat(prepared).hasValue(1);
    }

    @Test
    void a_closed_server_takes_no_more_work() {
        postgres.close();
        postgres.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> postgres.database("orders"))
                .withMessageContaining("was closed");
    }

    private static void prepare(PostgresAddress template, AtomicInteger prepared) {
        prepared.incrementAndGet();
        try (var connection = connect(template)) {
            execute(connection, "CREATE TABLE items (id int)");
            execute(connection, "INSERT INTO items VALUES (1)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(PostgresAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
