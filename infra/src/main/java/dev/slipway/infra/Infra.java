package dev.slipway.infra;

/// The way to real infrastructure: start it here or join what already runs.
///
/// ```java
/// try (var postgres = Infra.embedded(InfraOptions.ephemeral()).postgres()) {
///     PostgresAddress orders = postgres.database("orders");
/// }
/// ```
public record Infra(Mode mode, InfraOptions options) {

    /// Child processes on this machine.
    public static Infra embedded(InfraOptions options) {
        return new Infra(Mode.EMBEDDED, options);
    }

    /// A PostgreSQL server, joined if one with the same data runs already, else started.
    ///
    /// @throws InfraException when it cannot be had, or in mode [Mode#EXTERNAL], which starts nothing
    public Postgres postgres() {
        return switch (mode) {
            case EMBEDDED -> EmbeddedPostgres.join(options);
            case DOCKER -> DockerPostgres.start();
            case EXTERNAL ->
                throw new InfraException(
                        "%s=external starts nothing: give the address of your PostgreSQL in the setting postgres.url, or use %s=embedded"
                                .formatted(Mode.VARIABLE, Mode.VARIABLE));
        };
    }
}
