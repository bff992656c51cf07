package dev.slipway.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Where the database is and how connections to it are made.
///
/// @param application what `pg_stat_activity` shows
record Server(
        String url, Optional<String> user, Optional<String> password, String application, PostgresSettings settings) {
    /// How much longer than a statement the client waits before it takes the server for dead.
    private static final Duration NETWORK = Duration.ofSeconds(10);

    DataSource forWork() {
        return connections(settings.statementTimeout());
    }

    /// How long the server may owe an answer; empty for ever.
    Optional<Duration> patience() {
        return Optional.of(settings.statementTimeout())
                .filter(Duration::isPositive)
                .map(NETWORK::plus);
    }

    /// A connection for migrations, whose statements may take as long as they need.
    Connection forMigrations() throws SQLException {
        return connections(Duration.ZERO).getConnection();
    }

    /// A connection that stays open and mostly waits; the server may be silent for ever on it.
    Connection forNotifications() throws SQLException {
        return connections(Duration.ZERO).getConnection();
    }

    /// The time-out of the socket holds for connecting; after that the [Watchdog] takes over.
    private static final class Connections extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        }
    }

    private DataSource connections(Duration statementTimeout) {
        var source = new Connections();
        source.setURL(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setApplicationName(application);
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(seconds(settings.connectTimeout()));
        source.setSocketTimeout(seconds(settings.connectTimeout().plus(NETWORK)));
        source.setPrepareThreshold(settings.prepareThreshold());
        source.setPreparedStatementCacheQueries(settings.preparedStatements());
        // After those of the URL. The last: work that is interrupted closes its connection, and its statement is to end
        // with it.
        source.setOptions("""
                %s -c statement_timeout=%s -c lock_timeout=%s -c idle_in_transaction_session_timeout=%s \
                -c client_connection_check_interval=1000""".formatted(
                        Objects.requireNonNullElse(source.getOptions(), ""),
                        statementTimeout.toMillis(),
                        settings.lockTimeout().toMillis(),
                        settings.idleInTransactionTimeout().toMillis()));
        return source;
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(Math.max(1, duration.plusMillis(999).toSeconds()));
    }

    /// Why connecting failed, for people.
    String explain(SQLException failure) {
        var message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return switch (DatabaseException.state(failure)) {
            case "28P01", "28000" ->
                "it refuses the user %s; check postgres.user and postgres.password (%s)"
                        .formatted(user.orElse("of the operating system"), message);
            case "3D000" -> "the database does not exist; create it or check postgres.url (" + message + ")";
            case "57P03" -> "it is starting up or shutting down (" + message + ")";
            case "53300" -> "it has no connection left (" + message + ")";
            default -> message;
        };
    }

    /// The address without what may be secret in it.
    @Override
    public String toString() {
        return url.replaceAll("\\?.*", "").replaceAll("//[^/@]*@", "//");
    }
}
