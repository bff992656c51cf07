package dev.slipway.postgres;

import dev.slipway.infra.FreshDatabase;
import dev.slipway.infra.Infra;
import dev.slipway.infra.InfraOptions;
import dev.slipway.infra.Postgres;
import dev.slipway.infra.PostgresAddress;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.MovableClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// An empty database on a real server, and services on it; all are gone when it is closed.
final class TestServer implements AutoCloseable {
    /// A clock that services use and tests put on.
    final MovableClock clock = MovableClock.atNoon();

    /// Shared by all tests; it ends with this process.
    private static final Postgres POSTGRES =
            Infra.embedded(InfraOptions.ephemeral()).postgres();

    private final FreshDatabase fresh = POSTGRES.fresh("slipway_postgres_empty", empty -> {});
    private final List<WidgetApp> services = new ArrayList<>();

    PostgresAddress address() {
        return fresh.address();
    }

    List<String> settings() {
        return settings(address().port());
    }

    /// @param port of the server or of a proxy before it
    List<String> settings(int port) {
        return List.of(
                "--postgres.url=jdbc:postgresql://127.0.0.1:" + port + "/"
                        + address().database(),
                "--postgres.user=" + address().user(),
                "--postgres.password=" + address().password(),
                "--service.environment=test");
    }

    WidgetApp service(String... more) {
        return starting(settings(), more).awaitReady();
    }

    /// A service that listens.
    WidgetApp listening(String channel, Notifications.Listener listener) throws InterruptedException {
        return listening(settings(), channel, listener);
    }

    WidgetApp listening(List<String> settings, String channel, Notifications.Listener listener)
            throws InterruptedException {
        var service = WidgetApp.start(
                settings,
                clock,
                new TestInfrastructure(this),
                (assembly, database) -> Notifications.open(assembly, database).on(channel, listener));
        services.add(service);
        return service.awaitReady();
    }

    WidgetApp starting(List<String> settings, String... more) {
        var all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        var service = WidgetApp.start(all, clock, new TestInfrastructure(this));
        services.add(service);
        return service;
    }

    Connection connect() throws SQLException {
        return connect(address().port());
    }

    /// @param port of the server or of a proxy before it
    Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + address().database(),
                address().user(),
                address().password());
    }

    /// Ends all sessions of the services, as an administrator or a crash would.
    int killSessions() {
        return count("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and application_name = 'widget-service'""");
    }

    int count(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        services.forEach(WidgetApp::close);
        fresh.close();
    }
}
