package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Health;
import dev.slipway.core.Problem.Kind;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.NoInfrastructure;
import dev.slipway.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static int one(Database database) {
        return database.read(
                sql -> sql.query("select 1 as n").map(row -> row.integer("n")).one());
    }

    @Test
    void ten_thousand_threads_on_four_connections_are_served_or_refused_and_none_hangs() throws Exception {
        var service =
                server.service("--postgres.pool-size=4", "--postgres.idle-size=4", "--postgres.acquire-timeout=2s");
        var database = service.database();
        server.execute("create table calls (n integer)");
        var served = new AtomicInteger();
        var refused = new AtomicInteger();
        Callable<Integer> call = () -> {
            try {
                database.write(outer -> {
                    one(database);
                    return database.write(
                            Transaction.nested(),
                            inner ->
                                    inner.update("insert into calls values (1)").run());
                });
                return served.incrementAndGet();
            } catch (DatabaseException.Busy e) {
                assertThat(e.problem().kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e.problem().code()).isEqualTo("database-busy");
                assertThat(e.problem().retryAfter()).isPresent();
                return refused.incrementAndGet();
            }
        };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(
                    IntStream.range(0, 10_000).mapToObj(i -> call).toList())) {
                done.get();
            }
        }

        assertThat(served.get() + refused.get()).isEqualTo(10_000);
        assertThat(server.count("select count(*) from calls"))
                .isEqualTo(served.get())
                .isPositive();
        assertThat(inUse(service)).isZero();
        assertThat(service.meters().get("postgres.gate.waiting").gauge().value())
                .isZero();
        assertThat(service.meters().get("postgres.gate.refused").counter().count())
                .isEqualTo(refused.get());
        assertThat(service.meters().get("postgres.gate.wait").timer().count()).isPositive();
        assertThat(one(database)).isEqualTo(1);
    }

    /// Keeps a connection until it shall be released.
    private static int hold(CountDownLatch held, CountDownLatch release) {
        held.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return 1;
    }

    private static double inUse(WidgetApp service) {
        return service.meters().get("hikaricp.connections.active").gauge().value();
    }

    @Test
    void a_call_is_refused_when_no_connection_becomes_free() throws Exception {
        var service =
                server.service("--postgres.pool-size=1", "--postgres.idle-size=1", "--postgres.acquire-timeout=1ms");
        var database = service.database();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var holder = threads.submit(() -> database.<Integer>write(sql -> hold(held, release)));
            held.await();

            assertThatThrownBy(() -> one(database)).isInstanceOf(DatabaseException.Busy.class);
            assertThat(service.database().check().detail()).isEqualTo("all 1 connections are in use, 0 calls wait");

            release.countDown();
            assertThat(holder.get()).isEqualTo(1);
        }
        assertThat(one(database)).isEqualTo(1);
    }

    @Test
    void a_full_pool_is_down_once_nothing_has_moved_for_a_while_and_not_after_a_quiet_minute() throws Exception {
        var time = new VirtualTime();
        var settings = new ArrayList<>(server.settings());
        settings.addAll(List.of("--postgres.pool-size=1", "--postgres.idle-size=1"));
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var app = WidgetApp.start(settings, time, new NoInfrastructure(), (assembly, database) -> {})
                        .awaitReady();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            time.pass(Duration.ofMinutes(1));
            var holder = threads.submit(() -> app.database().<Integer>read(sql -> hold(held, release)));
            held.await();
            var atFirst = app.database().check();
            time.pass(Duration.ofSeconds(5));
            var later = app.database().check();
            release.countDown();

            assertThat(holder.get()).isEqualTo(1);
            assertThat(atFirst).isInstanceOf(Health.Up.class);
            assertThat(later).isInstanceOf(Health.Down.class);
            assertThat(app.database().check()).isInstanceOf(Health.Up.class);
        }
    }

    @Test
    void an_interrupted_wait_leaves_the_thread_interrupted() throws Exception {
        var database = server.service().database();

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> one(database)).isInstanceOf(DatabaseException.Unavailable.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(one(database)).isEqualTo(1);
    }

    @Test
    void a_connection_is_set_up_as_the_settings_say() throws Exception {
        var database = server.service(
                        "--postgres.statement-timeout=7s",
                        "--postgres.lock-timeout=3s",
                        "--postgres.idle-in-transaction-timeout=11s")
                .database();

        assertThat(show(database, "statement_timeout")).isEqualTo("7s");
        assertThat(show(database, "lock_timeout")).isEqualTo("3s");
        assertThat(show(database, "idle_in_transaction_session_timeout")).isEqualTo("11s");
        assertThat(show(database, "application_name")).isEqualTo("widget-service");
    }

    @Test
    void what_the_url_says_besides_holds_or_is_refused() {
        var url = server.settings().getFirst();
        var database = server.service(url + "?options=-c%20search_path=elsewhere,public")
                .database();
        assertThat(show(database, "search_path")).isEqualTo("elsewhere,public");
        assertThat(show(database, "statement_timeout")).isEqualTo("5s");

        for (var own : List.of("prepareThreshold", "connectTimeout", "ApplicationName")) {
            assertThatThrownBy(() -> server.service(url + "?sslmode=disable&" + own + "=1"))
                    .hasMessageContaining("url must leave out " + own);
        }
        for (var own : List.of("statement_timeout", "lock_timeout", "idle-in-transaction-session-timeout")) {
            assertThatThrownBy(() -> server.service(url + "?options=-c%20a.b=1%20--" + own + "%3D1h"))
                    .hasMessageContaining("url must leave out " + own);
        }
    }

    private static String show(Database database, String setting) {
        return database.read(sql -> sql.query("select current_setting(:name) as value")
                .bind("name", setting)
                .map(row -> row.text("value"))
                .one());
    }

    @Test
    void a_service_that_stops_waits_for_its_units_of_work_and_leaves_no_session() throws Exception {
        var service = server.service();
        var begun = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var late = threads.submit(() -> service.database().<Integer>write(sql -> {
                begun.countDown();
                return sql.query("select 1 as n from pg_sleep(0.3)")
                        .map(row -> row.integer("n"))
                        .one();
            }));
            begun.await();
            service.close();
            assertThat(late.get()).isEqualTo(1);
        }
        assertThatThrownBy(() -> one(service.database())).isInstanceOf(DatabaseException.Unavailable.class);
        Await.until(
                "no session is left",
                () -> server.count("select count(*) from pg_stat_activity where application_name = 'widget-service'"
                                + " and datname = current_database()")
                        == 0);
    }
}
