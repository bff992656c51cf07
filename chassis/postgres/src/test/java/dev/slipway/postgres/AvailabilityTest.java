package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.core.Health;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.RunningService.State;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.StartException;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AvailabilityTest {
    private final TestServer server = new TestServer();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    AvailabilityTest() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Database.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Database.class)).detachAppender(log);
        server.close();
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
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
