package dev.slipway.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/// The read by key of the twins: JDBC, and HikariCP with a fair semaphore before it.
final class BareProfiles {
    private static final int POOL_SIZE = 16;
    private static final String SELECT =
            "select id, email, display_name, locale, status, version, created_at, updated_at"
                    + " from profiles where id = ?";

    private final HikariDataSource pool;
    private final Semaphore turns = new Semaphore(POOL_SIZE, true);

    record Profile(
            UUID id,
            String email,
            String displayName,
            String locale,
            String status,
            long version,
            Instant createdAt,
            Instant updatedAt) {}

    private BareProfiles(HikariDataSource pool) {
        this.pool = pool;
    }

    /// @param url the database's JDBC URL with user and password
    static BareProfiles of(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL_SIZE);
        return new BareProfiles(new HikariDataSource(config));
    }

    Optional<Profile> find(UUID id) throws InterruptedException, SQLException {
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
