package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Time;
import dev.slipway.testkit.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(300);

    private final TestServer server = new TestServer();
    private final Watchdog watchdog = new Watchdog("test", LIMIT, Time.system());

    @AfterEach
    void stop() {
        watchdog.close();
        server.close();
    }

    private UnitOfWork watched(Connection connection) {
        var unit = new UnitOfWork(connection, NamedSql::parse, Time.system());
        watchdog.watch(unit);
        return unit;
    }

    @Test
    void a_unit_whose_server_falls_silent_fails_and_its_turn_is_free_again() throws Exception {
        try (var proxy = new Proxy(server.address().port(), true);
                var connection = server.connect(proxy.port())) {
            var unit = watched(connection);
            var read = new Queries(unit).query("select 1 as n").map(row -> row.integer("n"));
            assertThat(read.one()).isEqualTo(1);

            proxy.fallSilent();

            assertThatThrownBy(read::one).isInstanceOf(DatabaseException.Unavailable.class);
        }
    }

    @Test
    void a_unit_that_asks_nothing_may_take_its_time() throws Exception {
        try (var slow = server.connect();
                var connection = server.connect()) {
            var idle = watched(connection);
            assertThat(number(idle, "select 1 as n")).isEqualTo(1);

            // Once this is cut, the watchdog has looked at the other one, too.
            var silent = watched(slow);
            assertThatThrownBy(() -> number(silent, "select 1 as n from pg_sleep(60)"))
                    .isInstanceOf(DatabaseException.Unavailable.class);

            assertThat(number(idle, "select 2 as n")).isEqualTo(2);
        }
    }

    @Test
    void a_unit_that_has_ended_is_not_watched() throws Exception {
        try (var connection = server.connect();
                var other = server.connect()) {
            var left = watched(connection);
            watchdog.leave(left);
            var watched = watched(other);
            var cut = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                assertThatThrownBy(() -> sleep(watched, 60)).isInstanceOf(DatabaseException.Unavailable.class);
                cut.countDown();
            });

            sleep(left, 1);

            assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void sleep(UnitOfWork unit, int seconds) {
        new Sql(unit)
                .query("select 1 as n from pg_sleep(" + seconds + ")")
                .map(row -> row.bigint("n"))
                .one();
    }

    @Test
    void connections_of_a_pool_have_no_timer_of_their_own() throws SQLException, InterruptedException {
        var database = server.service().database();

        assertThat(database.<Integer>read(sql -> networkTimeout(sql.unit))).isZero();
    }

    private static int networkTimeout(UnitOfWork unit) {
        try {
            return unit.connection().getNetworkTimeout();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(UnitOfWork unit, String query) {
        return new Queries(unit).query(query).map(row -> row.bigint("n")).one();
    }
}
