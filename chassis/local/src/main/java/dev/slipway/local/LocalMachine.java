package dev.slipway.local;

import dev.slipway.core.LocalInfrastructure;
import dev.slipway.core.StartException;
import dev.slipway.infra.Infra;
import dev.slipway.infra.InfraException;
import dev.slipway.infra.InfraOptions;
import dev.slipway.infra.Mode;
import dev.slipway.infra.Postgres;
import dev.slipway.infra.PostgresAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Infrastructure on this machine, as `SLIPWAY_INFRA` says: `embedded` (the default), `docker` or `external`.
///
/// Servers are shared by all services and tests of one user, and end with the last of them. Their data is gone then,
/// unless `SLIPWAY_INFRA_DATA` names a folder to keep it in. Thread-safe.
public final class LocalMachine implements LocalInfrastructure {
    private static final String DATA = "SLIPWAY_INFRA_DATA";

    private final Map<String, String> environment;
    private final boolean fresh;
    private final Deque<AutoCloseable> given = new ArrayDeque<>();

    /// What [java.util.ServiceLoader] makes: a database of the service's name. What the environment says is read when
    /// something is asked for, because a loader hides the message of a constructor.
    public LocalMachine() {
        this(System.getenv(), false);
    }

    LocalMachine(Map<String, String> environment, boolean fresh) {
        this.environment = Map.copyOf(environment);
        this.fresh = fresh;
    }

    /// For tests: each request gets an empty database of its own, which is dropped at the end.
    public static LocalMachine fresh() {
        return new LocalMachine(System.getenv(), true);
    }

    @Override
    public synchronized Map<String, String> provide(String kind, String name) {
        try {
            return switch (kind) {
                case "postgres" -> postgres(name.replace('-', '_'));
                default -> throw new StartException("this machine has no " + kind + " to give", null);
            };
        } catch (InfraException | IllegalArgumentException e) {
            throw new StartException(kind + ": " + e.getMessage(), e);
        }
    }

    /// Signed with the development key.
    @Override
    public Optional<String> token(String subject, Collection<String> roles, Instant now) {
        return Optional.of(DevelopmentTokens.token(subject, List.copyOf(roles), now));
    }

    /// What cannot be given back does not keep the rest.
    ///
    /// @throws IllegalStateException after all has been tried, with the failures
    @Override
    public synchronized void close() {
        @Nullable IllegalStateException failure = null;
        while (!given.isEmpty()) {
            try {
                given.pop().close();
            } catch (Exception e) {
                failure = failure == null
                        ? new IllegalStateException("infrastructure could not be given back", e)
                        : failure;
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Map<String, String> postgres(String name) {
        var mode = Mode.parse(environment.getOrDefault(Mode.VARIABLE, Mode.EMBEDDED.toString()));
        var server = new Infra(mode, options()).postgres();
        given.push(server);
        var address = fresh ? freshDatabase(server, name) : server.database(name);
        return Map.of("url", address.jdbcUrl(), "user", address.user(), "password", address.password());
    }

    private PostgresAddress freshDatabase(Postgres server, String name) {
        var database = server.fresh(name + "_empty", empty -> {});
        given.push(database);
        return database.address();
    }

    private InfraOptions options() {
        var folder = environment.getOrDefault(DATA, "");
        return folder.isEmpty()
                ? InfraOptions.ephemeral()
                : InfraOptions.kept(Path.of(folder).resolve("postgres"));
    }
}
