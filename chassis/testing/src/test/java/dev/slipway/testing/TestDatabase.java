package dev.slipway.testing;

import dev.slipway.local.LocalMachine;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

/// An empty database that a test looks into past the service; it is dropped in the end.
final class TestDatabase implements AutoCloseable {
    private final LocalMachine machine = LocalMachine.fresh();
    private final Map<String, String> settings = machine.provide("postgres", "note-service");

    int port() {
        return URI.create(setting("url").substring("jdbc:".length())).getPort();
    }

    String setting(String key) {
        return Objects.requireNonNull(settings.get(key));
    }

    /// Where a proxy before the server is.
    String urlVia(int port) {
        return setting("url").replaceFirst(":" + port() + "/", ":" + port + "/");
    }

    /// Tells a service to use this database.
    TestService useIn(TestService service, String url) {
        return service.with("postgres.url", url)
                .with("postgres.user", setting("user"))
                .with("postgres.password", setting("password"));
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(setting("url"), setting("user"), setting("password"));
    }

    @Override
    public void close() {
        machine.close();
    }
}
