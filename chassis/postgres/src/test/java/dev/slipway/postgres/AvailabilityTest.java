package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.slipway.core.Health;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.RunningService.State;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.StartException;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.CapturedLog;
import dev.slipway.testkit.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
    private final TestServer server = new TestServer();
    private final CapturedLog log = CapturedLog.of(Database.class);

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    private List<String> warnings() {
        return log.messages(Level.WARN);
    }

    private static int one(Database database) {
        return database.read(
                sql -> sql.query("select 1 as n").map(row -> row.integer("n")).one());
    }

    private static boolean works(Database database) {
        try {
            return one(database) == 1;
        } catch (DatabaseException.Unavailable e) {
            return false;
        }
    }

    @Test
    void a_service_waits_for_a_database_that_is_not_there_yet_and_says_so_once() throws Exception {
        try (var proxy = new Proxy(server.address().port(), false)) {
            var app = server.starting(server.settings(proxy.port()));
            Await.until("it says that it waits", () -> !warnings().isEmpty());

            assertThat(app.service().state()).isEqualTo(State.STARTING);
            assertThat(app.database().check()).isEqualTo(new Health.Down("not started"));
            assertThatThrownBy(() -> one(app.database())).isInstanceOf(DatabaseException.Unavailable.class);
            assertThat(warnings().getFirst())
                    .startsWith("widget-service waits for PostgreSQL at jdbc:postgresql://127.0.0.1:" + proxy.port());

            proxy.comeBack();
            app.awaitReady();
            assertThat(one(app.database())).isEqualTo(1);
            assertThat(warnings()).hasSize(1);
        }
    }

    @Test
    void a_wrong_password_is_said_clearly_and_not_shown() throws Exception {
        var settings = new ArrayList<>(server.settings());
        settings.removeIf(it -> it.startsWith("--postgres.password"));
        try (var app = server.starting(settings, "--postgres.password=canary-7f3")) {
            Await.until("it says that it waits", () -> !warnings().isEmpty());

            assertThat(warnings().getFirst())
                    .contains("it refuses the user " + server.address().user())
                    .contains("check postgres.user and postgres.password")
                    .doesNotContain("canary");
            assertThat(app.service().state()).isEqualTo(State.STARTING);
        }
    }

    @Test
    void a_database_that_does_not_exist_is_said_clearly() throws Exception {
        var settings = new ArrayList<>(server.settings());
        settings.removeIf(it -> it.startsWith("--postgres.url"));
        var url =
                "--postgres.url=jdbc:postgresql://127.0.0.1:" + server.address().port() + "/nowhere?ssl=false";
        try (var app = server.starting(settings, url)) {
            Await.until("it says that it waits", () -> !warnings().isEmpty());

            assertThat(warnings().getFirst()).contains("/nowhere: the database does not exist; create it");
            assertThat(app.service().state()).isEqualTo(State.STARTING);
        }
    }

    @Test
    void a_database_that_goes_away_is_told_to_callers_and_used_again_when_it_is_back() throws Exception {
        try (var proxy = new Proxy(server.address().port(), true)) {
            var app = server.starting(server.settings(proxy.port()), "--postgres.connect-timeout=300ms")
                    .awaitReady();
            var database = app.database();
            Await.until("the pool has a connection", () -> works(database));
            assertThat(database.check()).isInstanceOf(Health.Up.class);

            proxy.goAway();
            assertThatThrownBy(() -> one(database)).isInstanceOfSatisfying(DatabaseException.Unavailable.class, e -> {
                assertThat(e.problem().kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e.problem().code()).isEqualTo("database-unavailable");
                assertThat(e.problem().retryAfter()).isPresent();
            });
            assertThat(database.check()).isInstanceOf(Health.Down.class);
            assertThatThrownBy(() -> one(database)).isInstanceOf(DatabaseException.Unavailable.class);

            proxy.comeBack();
            Await.until("it works again", () -> works(database));
            assertThat(database.check()).isInstanceOf(Health.Up.class);
        }
    }

    @Test
    void sessions_that_are_ended_are_replaced() throws Exception {
        var database = server.service("--postgres.pool-size=4", "--postgres.idle-size=4")
                .database();
        one(database);

        assertThatThrownBy(() -> database.write(sql -> {
                    server.killSessions();
                    return one(database);
                }))
                .isInstanceOf(DatabaseException.Unavailable.class);

        Await.until("it works again", () -> works(database));
    }

    private static int add(Database database) {
        return database.<Integer>write(
                sql -> sql.update("insert into widgets (id, name) values (gen_random_uuid(), gen_random_uuid())")
                        .run());
    }

    private static boolean isReadOnly(Database database) {
        try {
            return add(database) == 0;
        } catch (DatabaseException.Unavailable e) {
            return String.valueOf(e.getCause()).contains("read-only");
        }
    }

    @Test
    void a_server_that_only_reads_since_a_failover_is_told_and_its_connections_are_not_kept() throws Exception {
        var database = server.service("--postgres.pool-size=2", "--postgres.idle-size=2")
                .database();
        add(database);
        var setting = "alter database " + server.address().database() + " set default_transaction_read_only = ";
        server.execute(setting + "on");
        server.killSessions();
        Await.until("the sessions are new ones that only read", () -> isReadOnly(database));
        assertThat(database.check()).isEqualTo(new Health.Down("the server only reads"));
        assertThat(one(database)).isEqualTo(1);

        server.execute("set transaction read write; " + setting + "off");

        var refused = 0;
        for (var i = 0; i < 10; i++) {
            refused += isReadOnly(database) ? 1 : 0;
        }
        assertThat(refused).isLessThanOrEqualTo(2);
        assertThat(database.check()).isInstanceOf(Health.Up.class);
    }

    @Test
    void a_connection_that_is_lost_in_commit_leaves_open_whether_the_work_was_done() throws Exception {
        server.service();
        server.execute("""
                create function hold() returns trigger language plpgsql as $$
                begin perform pg_advisory_xact_lock(1); return null; end $$;
                create constraint trigger hold after insert on widgets deferrable initially deferred
                for each row execute function hold()""");
        try (var proxy = new Proxy(server.address().port(), true);
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var holder = server.connect();
                var lock = holder.createStatement()) {
            var database =
                    server.starting(server.settings(proxy.port())).awaitReady().database();
            lock.execute("select pg_advisory_lock(1)");
            var work = threads.submit(() -> add(database));
            Await.until(
                    "it commits",
                    () -> server.count(
                                    "select count(*) from pg_locks where not granted"
                                            + " and locktype = 'advisory'"
                                            + " and database = (select oid from pg_database where datname = current_database())")
                            == 1);

            proxy.goAway();

            assertThatThrownBy(work::get).cause().isInstanceOfSatisfying(DatabaseException.OutcomeUnknown.class, e -> {
                assertThat(e.problem().code()).isEqualTo("outcome-unknown");
                assertThat(e.problem().retry()).isEqualTo(Problem.Retry.AFTER_CHANGE);
                assertThat(e.problem().retryAfter()).isEmpty();
            });
        }
    }

    @Test
    void a_connection_that_is_lost_outside_of_transactions_leaves_open_what_was_done() throws Exception {
        var database = server.service().database();

        assertThatThrownBy(() -> database.write(
                        Transaction.never(),
                        sql -> sql.query("select pg_terminate_backend(pg_backend_pid()) as done")
                                .map(row -> row.bool("done"))
                                .one()))
                .isInstanceOf(DatabaseException.OutcomeUnknown.class);
    }

    @Test
    void a_service_without_a_url_takes_this_machines_database() throws Exception {
        var app = server.starting(List.of("--service.environment=test")).awaitReady();

        assertThat(one(app.database())).isEqualTo(1);
        assertThat(server.count("select count(*) from widgets")).isZero();
    }

    @Test
    void a_service_in_production_without_a_url_does_not_start() {
        var definition = new WidgetApp();

        assertThatThrownBy(() -> Slipway.start(definition, SettingsSources.ofArguments(definition, List.of())))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("postgres.url is not set");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        for (var wrong : List.of(
                "--postgres.url=postgresql://x",
                "--postgres.pool-size=0",
                "--postgres.idle-size=99",
                "--postgres.connect-timeout=1ms",
                "--postgres.max-lifetime=1s")) {
            assertThatThrownBy(() -> server.starting(List.of(), wrong))
                    .hasMessageContaining(wrong.substring("--postgres.".length(), wrong.indexOf('=')));
        }
    }

    @Test
    void a_stop_ends_the_wait() {
        var app = server.starting(server.settings(1));

        app.close();

        assertThat(app.service().state()).isEqualTo(State.STOPPED);
        assertThatThrownBy(app::awaitReady).hasMessageContaining("while it was starting");
    }
}
