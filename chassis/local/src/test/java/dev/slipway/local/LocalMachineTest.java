package dev.slipway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalMachineTest {

    private static LocalMachine machine() {
        return new LocalMachine(Map.of(), false);
    }

    private static void execute(Map<String, String> database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        database.get("url"), database.get("user"), database.get("password"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_service_finds_it_by_the_service_loader() {
        assertThat(ServiceLoader.load(LocalInfrastructure.class))
                .singleElement()
                .isInstanceOf(LocalMachine.class);
    }

    @Test
    void a_service_gets_the_database_of_its_name_whoever_asks() {
        try (var first = machine();
                var second = machine()) {
            var orders = first.provide("postgres", "local-machine-orders");

            assertThat(orders.get("url")).startsWith("jdbc:postgresql://").endsWith("/local_machine_orders");
            assertThatCode(() -> execute(orders, "create table if not exists seen (n int)"))
                    .doesNotThrowAnyException();
            assertThat(second.provide("postgres", "local-machine-orders")).isEqualTo(orders);
            assertThat(second.provide("postgres", "local-machine-users")).doesNotContainEntry("url", orders.get("url"));
        }
    }

    @Test
    void a_fresh_database_is_empty_for_each_request_and_gone_afterwards() throws Exception {
        try (var keepsTheServer = machine()) {
            var server = keepsTheServer.provide("postgres", "local-machine-orders");
            Map<String, String> first;
            try (var fresh = LocalMachine.fresh()) {
                first = fresh.provide("postgres", "local-machine-orders");
                var second = fresh.provide("postgres", "local-machine-orders");

                execute(first, "create table orders (n int)");
                assertThatThrownBy(() -> execute(second, "select from orders")).hasMessageContaining("does not exist");
            }

            var gone = first;
            assertThatThrownBy(() -> execute(gone, "select 1")).hasMessageContaining("does not exist");
            execute(server, "select 1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    external | postgres: SLIPWAY_INFRA=external starts nothing: give the address of your PostgreSQL in the setting postgres.url
                    docker   | postgres: SLIPWAY_INFRA=docker needs org.testcontainers:testcontainers-postgresql on the class path
                    nonsense | postgres: SLIPWAY_INFRA=nonsense is unknown; it is one of embedded, docker, external
                    """)
    void a_mode_that_gives_nothing_says_what_to_do(String mode, String message) {
        try (var machine = new LocalMachine(Map.of("SLIPWAY_INFRA", mode), false)) {
            assertThatThrownBy(() -> machine.provide("postgres", "orders"))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9-lives", "Orders", "postgres", "a-service-whose-name-is-longer-than-a-database-may-have"})
    void a_name_that_no_database_can_have_is_refused_with_the_rule(String name) {
        try (var machine = machine()) {
            assertThatThrownBy(() -> machine.provide("postgres", name))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("cannot name a database");
        }
    }

    @Test
    void what_this_machine_does_not_have_is_said() {
        try (var machine = machine()) {
            assertThatThrownBy(() -> machine.provide("kafka", "orders"))
                    .isInstanceOf(StartException.class)
                    .hasMessage("this machine has no kafka to give");
        }
    }

    @Test
    void data_is_kept_where_the_environment_says(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var environment = Map.of("SLIPWAY_INFRA_DATA", folder.resolve("data").toString());
        try (var machine = new LocalMachine(environment, false)) {
            execute(machine.provide("postgres", "orders"), "create table orders (n int)");
        }
        awaitNoServerIn(folder);

        try (var machine = new LocalMachine(environment, false)) {
            execute(machine.provide("postgres", "orders"), "select n from orders");
        }
        awaitNoServerIn(folder);
    }

    @Test
    void what_cannot_be_given_back_does_not_keep_the_rest(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var environment = Map.of("SLIPWAY_INFRA_DATA", folder.resolve("data").toString());
        var machine = new LocalMachine(environment, true);
        machine.provide("postgres", "orders");
        machine.provide("postgres", "orders");

        var pid = Files.readAllLines(folder.resolve("data/postgres/postmaster.pid"))
                .getFirst();
        var server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        server.destroy();
        server.onExit().get();

        assertThatThrownBy(machine::close)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
        assertThatCode(machine::close).doesNotThrowAnyException();
    }

    private static void awaitNoServerIn(Path folder) throws IOException {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Files.exists(folder.resolve("data/postgres/postmaster.pid"))) {
            assertThat(System.nanoTime() - end).as("time left").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
