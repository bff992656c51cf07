package dev.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/// The same read by key with nothing around it: Helidon, JDBC and HikariCP with a fair semaphore before it, and no
/// tokens, validation, metrics, problem details or log.
public final class Twin {
    private static final int POOL_SIZE = 16;
    private static final String SELECT =
            "select id, email, display_name, locale, status, version, created_at, updated_at"
                    + " from profiles where id = ?";

    private final HikariDataSource pool;
    private final Semaphore turns = new Semaphore(POOL_SIZE, true);
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    record Profile(
            UUID id,
            String email,
            String displayName,
            String locale,
            String status,
            long version,
            Instant createdAt,
            Instant updatedAt) {}

    private Twin(HikariDataSource pool) {
        this.pool = pool;
    }

    /// @param arguments the port and the database's JDBC URL with user and password
    public static void main(String[] arguments) {
        var config = new HikariConfig();
        config.setJdbcUrl(arguments[1]);
        config.setMaximumPoolSize(POOL_SIZE);
        var twin = new Twin(new HikariDataSource(config));
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(routes -> routes.get("/v1/users/{id}", twin::read))
                .build()
                .start();
    }

    private void read(ServerRequest request, ServerResponse response)
            throws InterruptedException, SQLException, IOException {
        var profile = find(UUID.fromString(request.path().pathParameters().get("id")));
        if (profile.isPresent()) {
            response.header(HeaderValues.CONTENT_TYPE_JSON).send(json.writeValueAsBytes(profile.get()));
        } else {
            response.status(Status.NOT_FOUND_404).send();
        }
    }

    private Optional<Profile> find(UUID id) throws InterruptedException, SQLException {
        turns.acquire();
        try (var connection = pool.getConnection();
                var select = connection.prepareStatement(SELECT)) {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(profile(rows)) : Optional.empty();
            }
        } finally {
            turns.release();
        }
    }

    private static Profile profile(ResultSet row) throws SQLException {
        return new Profile(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("display_name"),
                row.getString("locale"),
                row.getString("status").toLowerCase(Locale.ROOT),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
