package dev.slipway.postgres;

import dev.slipway.core.Checks;
import dev.slipway.core.Secret;
import dev.slipway.core.Setting;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The section of a service's PostgreSQL, by custom `postgres`.
///
/// @param acquireTimeout how long a call waits for its turn before it is refused with `database-busy`
/// @param connectTimeout how long a new connection may take before the call is refused with `database-unavailable`; the
///     pool takes no less than 250 ms
/// @param statementTimeout 0 for none; migrations have none
/// @param migrateTo brings the schema up or down to this version instead of the newest one
public record PostgresSettings(
        @Setting(about = "Where the database is: jdbc:postgresql://host:port/name")
        Optional<String> url,

        @Setting(about = "User of the database") Optional<String> user,
        @Setting(about = "Password of the user") Optional<Secret> password,

        @Setting(about = "Most connections of one copy of the service", byDefault = "16", least = "1", most = "1_000")
        int poolSize,

        @Setting(about = "Connections kept open when there is nothing to do", byDefault = "4", least = "0")
        int idleSize,

        @Setting(about = "How long a call waits for a connection", byDefault = "3s", least = "1ms")
        Duration acquireTimeout,

        @Setting(about = "How long connecting may take", byDefault = "2s", least = "250ms")
        Duration connectTimeout,

        @Setting(about = "Ends a statement that takes longer", byDefault = "5s")
        Duration statementTimeout,

        @Setting(about = "Ends a statement that waits longer for a lock", byDefault = "2s")
        Duration lockTimeout,

        @Setting(about = "Ends a transaction that does nothing for longer", byDefault = "30s")
        Duration idleInTransactionTimeout,

        @Setting(about = "How old a connection becomes", byDefault = "30m", least = "30s", most = "1d")
        Duration maxLifetime,

        @Setting(about = "Reports connections that are held for longer; 0 for never", byDefault = "0s")
        Duration leakDetection,

        @Setting(
                about = "Prepare a statement on the server from this use on; 0 for never",
                byDefault = "5",
                least = "0",
                most = "1_000_000")
        int prepareThreshold,

        @Setting(about = "Statements kept prepared per connection", byDefault = "256", least = "0", most = "100_000")
        int preparedStatements,

        @Setting(about = "Migrate the schema at the start", byDefault = "true")
        boolean migrateOnStart,

        @Setting(about = "Migrate up or down to this version, not to the newest", least = "0", most = "999")
        Optional<Integer> migrateTo,

        @Setting(about = "How long answers to idempotency keys are kept", byDefault = "24h", least = "1ms")
        Duration idempotencyKeep) {

    private static final String URL_START = "jdbc:postgresql:";
    /// What would be overwritten in silence: parameters of the driver, and of the server's in `options`.
    private static final Pattern OWN =
            Pattern.compile("[?&](prepareThreshold|preparedStatementCacheQueries|connectTimeout|socketTimeout"
                    + "|tcpKeepAlive|ApplicationName)="
                    + "|[?&]options=[^&]*?(statement[-_]timeout|lock[-_]timeout"
                    + "|idle[-_]in[-_]transaction[-_]session[-_]timeout|client[-_]connection[-_]check[-_]interval)");

    public PostgresSettings {
        url.ifPresent(given -> {
            if (!given.startsWith(URL_START)) {
                throw new IllegalArgumentException("url must begin with " + URL_START);
            }
            var ours = OWN.matcher(given);
            if (ours.find()) {
                var named = ours.group(1) == null ? ours.group(2) : ours.group(1);
                throw new IllegalArgumentException("url must leave out " + named + ", which the service sets itself");
            }
        });
        Checks.atMost("idle-size", idleSize, "pool-size", poolSize);
    }
}
