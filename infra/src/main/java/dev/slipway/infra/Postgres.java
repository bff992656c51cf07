package dev.slipway.infra;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A running PostgreSQL server, for as long as this is open.
///
/// Keep it until the last connection is closed: the server stops when its last user has closed this or has died.
/// Thread-safe; what it creates may be asked for by several processes at once.
public final class Postgres implements AutoCloseable {
    static final String SUPERUSER = "postgres";
    /// Leaves room for the suffixes of [#fresh] within PostgreSQL's 63 bytes.
    private static final Pattern NAME = Pattern.compile("(?!pg_|postgres$|template[01]$)[a-z][a-z0-9_]{0,47}");

    private final String host;
    private final int port;
    private final String password;
    private final Closeable leave;
    private final AtomicBoolean closed = new AtomicBoolean();

    Postgres(String host, int port, String password, Closeable leave) {
        this.host = host;
        this.port = port;
        this.password = password;
        this.leave = leave;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /// The database of that name and the role of the same name that owns it, created if missing.
    ///
    /// @param name 1 to 48 lower-case letters, digits and underscores, beginning with a letter
    /// @throws IllegalArgumentException for another name
    public PostgresAddress database(String name) {
        requireName(name);
        administer(admin -> {
            lock(admin, name);
            create(admin, name, name);
        });
        return address(name, name);
    }

    /// A new database, copied from a template that the first caller on this server prepares.
    ///
    /// Put what `prepare` depends on into the template's name, for example a checksum of the migrations.
    ///
    /// @param prepare fills the template and closes its connections; if it throws, the next caller prepares anew
    public FreshDatabase fresh(String template, Consumer<PostgresAddress> prepare) {
        requireName(template);
        String copy = template + "_" + UUID.randomUUID().toString().substring(24);
        administer(admin -> {
            lock(admin, template);
            if (!exists(admin, "pg_database", "datname", template)) {
                String draft = template + "_draft";
                execute(admin, "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)".formatted(draft));
                create(admin, draft, template);
                prepare.accept(address(draft, template));
                execute(admin, "ALTER DATABASE \"%s\" RENAME TO \"%s\"".formatted(draft, template));
                execute(admin, "ALTER DATABASE \"%s\" ALLOW_CONNECTIONS false".formatted(template));
            }
        });
        administer(admin -> execute(
                admin, "CREATE DATABASE \"%s\" TEMPLATE \"%s\" OWNER \"%s\"".formatted(copy, template, template)));
        return new FreshDatabase(this, address(copy, template));
    }

    void drop(String database) {
        administer(admin -> execute(admin, "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)".formatted(database)));
    }

    /// Leaves the server, which stops if nobody else uses it.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                leave.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    ("'%s' cannot name a database: 1 to 48 lower-case letters, digits and underscores, beginning with a"
                                    + " letter, and none of PostgreSQL's own names")
                            .formatted(name));
        }
    }

    private PostgresAddress address(String database, String owner) {
        return new PostgresAddress(host, port, database, owner, passwordOf(owner));
    }

    /// Derived, so that every process that shares the server knows it without a store.
    private String passwordOf(String role) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return HexFormat.of().formatHex(mac.doFinal(role.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void administer(SqlWork work) {
        if (closed.get()) {
            throw new IllegalStateException("This PostgreSQL on port %s was closed".formatted(port));
        }
        String url = "jdbc:postgresql://%s:%s/%s".formatted(host, port, SUPERUSER);
        try (var admin = DriverManager.getConnection(url, SUPERUSER, password)) {
            work.on(admin);
        } catch (SQLException e) {
            throw new InfraException("PostgreSQL on port %s: %s".formatted(port, e.getMessage()), e);
        }
    }

    /// Until the connection is closed.
    private static void lock(Connection admin, String name) throws SQLException {
        try (var statement = admin.prepareStatement("SELECT pg_advisory_lock(hashtext(?))")) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    private void create(Connection admin, String database, String owner) throws SQLException {
        if (!exists(admin, "pg_roles", "rolname", owner)) {
            execute(admin, "CREATE ROLE \"%s\" LOGIN PASSWORD '%s'".formatted(owner, passwordOf(owner)));
        }
        if (!exists(admin, "pg_database", "datname", database)) {
            execute(admin, "CREATE DATABASE \"%s\" OWNER \"%s\"".formatted(database, owner));
        }
    }

    private static boolean exists(Connection admin, String catalog, String column, String name) throws SQLException {
        try (var statement = admin.prepareStatement("SELECT FROM %s WHERE %s = ?".formatted(catalog, column))) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    private static void execute(Connection admin, String sql) throws SQLException {
        try (var statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    @FunctionalInterface
    private interface SqlWork {
        void on(Connection admin) throws SQLException;
    }
}
