package dev.slipway.local;

import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.StartException;
import dev.slipway.infra.FreshDatabase;
import dev.slipway.infra.Infra;
import dev.slipway.infra.InfraException;
import dev.slipway.infra.InfraOptions;
import dev.slipway.infra.Mode;
import dev.slipway.infra.Postgres;
import dev.slipway.infra.PostgresAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/// Infrastructure on this machine, as `SLIPWAY_INFRA` says: `embedded` (the default), `docker` or `external`.
///
/// Servers are shared by all services and tests of one user, and end with the last of them. Their data is gone then,
/// unless `SLIPWAY_INFRA_DATA` names a folder to keep it in. Thread-safe.
public final class LocalMachine implements LocalInfrastructure {
    private final Infra infra;
    private final boolean fresh;
    private final Deque<AutoCloseable> given = new ArrayDeque<>();

    /// What [java.util.ServiceLoader] makes: a database of the service's name.
    public LocalMachine() {
        this(false);
    }

    private LocalMachine(boolean fresh) {
        var environment = System.getenv();
        this.infra = new Infra(mode(environment), options(environment));
        this.fresh = fresh;
    }

    /// For tests: each request gets an empty database of its own, which is dropped at the end.
    public static LocalMachine fresh() {
        return new LocalMachine(true);
    }

    @Override
    public synchronized Map<String, String> provide(String kind, String name) {
        try {
            return switch (kind) {
                case "postgres" -> postgres(name.replace('-', '_'));
                default -> throw new StartException("this machine has no " + kind + " to give", null);
            };
        } catch (InfraException e) {
            throw new StartException(kind + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        while (!given.isEmpty()) {
            try {
                given.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("infrastructure could not be given back", e);
            }
        }
    }

    private Map<String, String> postgres(String name) {
        var server = infra.postgres();
        given.push(server);
        var address = fresh ? freshDatabase(server, name) : server.database(name);
        return Map.of("url", address.jdbcUrl(), "user", address.user(), "password", address.password());
    }

    private PostgresAddress freshDatabase(Postgres server, String name) {
        FreshDatabase database = server.fresh(name + "_empty", empty -> {});
        given.push(database);
        return database.address();
    }

    private static Mode mode(Map<String, String> environment) {
        try {
            return Mode.parse(environment.getOrDefault(Mode.VARIABLE, Mode.EMBEDDED.toString()));
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static InfraOptions options(Map<String, String> environment) {
        var folder = environment.getOrDefault("SLIPWAY_INFRA_DATA", "");
        return folder.isEmpty()
                ? InfraOptions.ephemeral()
                : InfraOptions.kept(Path.of(folder).resolve("postgres"));
    }
}
