package dev.slipway.infra;

import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// PostgreSQL in a container of its own for each user of this; Testcontainers removes it when the JVM dies.
final class DockerPostgres {
    static final String IMAGE = "postgres:18.6-alpine";

    private DockerPostgres() {}

    static Postgres start() {
        try {
            return Container.start();
        } catch (NoClassDefFoundError e) {
            throw new InfraException(
                    "%s=docker needs org.testcontainers:testcontainers-postgresql on the class path"
                            .formatted(Mode.VARIABLE),
                    e);
        } catch (IllegalStateException e) {
            throw new InfraException(
                    "%s=docker needs a running Docker engine, and none was found; start one or use %s=embedded"
                            .formatted(Mode.VARIABLE, Mode.VARIABLE),
                    e);
        }
    }

    /// Apart, because Testcontainers is optional and this class fails to load without it.
    private static final class Container {
        static Postgres start() {
            String password = UUID.randomUUID().toString();
            var container = new PostgreSQLContainer(IMAGE)
                    .withUsername(Postgres.SUPERUSER)
                    .withDatabaseName(Postgres.SUPERUSER)
                    .withPassword(password);
            container.setCommand(Stream.concat(Stream.of("postgres"), EmbeddedPostgres.settings().stream())
                    .toArray(String[]::new));
            container.start();
            LoggerFactory.getLogger(DockerPostgres.class)
                    .info("PostgreSQL on port {}, from image {}", container.getFirstMappedPort(), IMAGE);
            return new Postgres(container.getHost(), container.getFirstMappedPort(), password, container::stop);
        }
    }
}
