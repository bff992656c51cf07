package dev.slipway.testing;

import dev.slipway.local.DevelopmentTokens;
import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testkit.Await;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A client that leaves in the middle holds no connection of the pool, and leaves no statement to the server.
class DisconnectTest {
    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void what_a_client_waited_for_ends_when_it_leaves() throws Exception {
        try (var service = database.useIn(TestService.of(new NoteApp()), database.setting("url"))
                        .with("postgres.lock-timeout", "1h")
                        .with("postgres.statement-timeout", "1h")
                        .with("http.request-timeout", "1h")
                        .with("http.idle-timeout", "1s")
                        .start();
                var other = database.connect();
                var lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table notes in access exclusive mode");

            try (var client = new Socket(
                    service.address("http").getHost(), service.address("http").getPort())) {
                client.getOutputStream()
                        .write(("GET /v1/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                        + DevelopmentTokens.token("ada", List.of(), Instant.now()) + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                Await.until("the statement waits for the lock", () -> statementsWaiting() == 1);
            }

            Await.until(
                    "the pool has it back",
                    () -> service.management()
                            .get("/metrics")
                            .body()
                            .matches("(?s).*hikaricp_connections_active\\{[^}]*} 0\\.0.*"));
            Await.until("the server has given it up", () -> statementsWaiting() == 0);
            other.rollback();
            service.as("ada").get("/v1/notes").expect(200);
        }
    }

    private int statementsWaiting() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'""")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
