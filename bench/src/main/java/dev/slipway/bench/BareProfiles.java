package dev.slipway.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/// What the twins do in the database: JDBC, and HikariCP with a fair semaphore before it. Writes are transactions.
final class BareProfiles {
    private static final int POOL_SIZE = 16;
    private static final String COLUMNS = "id, email, display_name, locale, status, version, created_at, updated_at";
    private static final String SELECT = "select " + COLUMNS + " from profiles where id = ?";
    private static final String INSERT =
            "insert into profiles (email, display_name, locale, status, created_at, updated_at)"
                    + " values (?, ?, 'en', 'ACTIVE', ?, ?) returning " + COLUMNS;
    private static final String UPDATE =
            "update profiles set email = ?, display_name = ?, updated_at = ?, version = version + 1"
                    + " where id = ? and version = ? returning " + COLUMNS;

    private final HikariDataSource pool;
    private final Semaphore permits = new Semaphore(POOL_SIZE, true);

    record Profile(
            UUID id,
            String email,
            String displayName,
            String locale,
            String status,
            long version,
            Instant createdAt,
            Instant updatedAt) {}

    record Input(String email, String displayName) {}

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
        permits.acquire();
        try (var connection = pool.getConnection();
                var select = connection.prepareStatement(SELECT)) {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(profile(rows)) : Optional.empty();
            }
        } finally {
            permits.release();
        }
    }

    Profile create(Input input) throws InterruptedException, SQLException {
        permits.acquire();
        try (var connection = pool.getConnection();
                var insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            var now = OffsetDateTime.now(ZoneOffset.UTC);
            insert.setString(1, input.email());
            insert.setString(2, input.displayName());
            insert.setObject(3, now);
            insert.setObject(4, now);
            return written(connection, insert).orElseThrow();
        } finally {
            permits.release();
        }
    }

    /// Empty if it has another version.
    Optional<Profile> change(UUID id, long version, Input input) throws InterruptedException, SQLException {
        permits.acquire();
        try (var connection = pool.getConnection();
                var update = connection.prepareStatement(UPDATE)) {
            connection.setAutoCommit(false);
            update.setString(1, input.email());
            update.setString(2, input.displayName());
            update.setObject(3, OffsetDateTime.now(ZoneOffset.UTC));
            update.setObject(4, id);
            update.setLong(5, version);
            return written(connection, update);
        } finally {
            permits.release();
        }
    }

    private static Optional<Profile> written(Connection connection, PreparedStatement statement) throws SQLException {
        Optional<Profile> written;
        try (var rows = statement.executeQuery()) {
            written = rows.next() ? Optional.of(profile(rows)) : Optional.empty();
        }
        connection.commit();
        connection.setAutoCommit(true);
        return written;
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
