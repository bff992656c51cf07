package dev.slipway.infra;

/// Where one database is, and as whom to enter: the role that owns it.
public record PostgresAddress(String host, int port, String database, String user, String password) {

    /// The address for JDBC, without user and password.
    public String jdbcUrl() {
        return "jdbc:postgresql://%s:%s/%s".formatted(host, port, database);
    }

    /// Everything but the password.
    @Override
    public String toString() {
        return "%s as %s".formatted(jdbcUrl(), user);
    }
}
