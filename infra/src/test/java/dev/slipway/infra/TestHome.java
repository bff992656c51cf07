package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A home for the servers of all test classes, open to all, because they run as another user when the tests run as root.
///
/// After each test no process and no folder of a server may be left.
final class TestHome implements BeforeAllCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private @Nullable Home home;

    @Override
    public void beforeAll(ExtensionContext context) {
        home = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestHome.class))
                .computeIfAbsent(Home.class, key -> new Home(), Home.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        awaitNothingRuns();
    }

    Path path() {
        return Objects.requireNonNull(home).path;
    }

    /// Deleted when all test classes are done.
    private static final class Home implements AutoCloseable {
        private final Path path;

        Home() {
            try {
                path = Files.createTempDirectory("slipway-infra-test-");
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                // Here and not by whichever user comes first, which may be another process, without the coverage agent.
                Binaries.in(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            Folders.delete(path);
        }
    }

    InfraOptions ephemeral() {
        return new InfraOptions(path(), null);
    }

    Postgres join() {
        return Infra.embedded(ephemeral()).postgres();
    }

    Postgres join(Path keep) {
        return Infra.embedded(new InfraOptions(path(), keep)).postgres();
    }

    Instance onlyInstance() throws IOException {
        assertThat(Instance.in(path(), "")).hasSize(1);
        return Instance.in(path(), "").getFirst();
    }

    /// The guardian and all that it started.
    static List<ProcessHandle> processesOf(Instance instance) throws IOException {
        ProcessHandle guardian = instance.guardian().orElseThrow();
        return Stream.concat(Stream.of(guardian), guardian.descendants()).toList();
    }

    static ProcessHandle serverOf(Instance instance) throws IOException {
        return instance.guardian()
                .orElseThrow()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/bin/postgres"))
                .findFirst()
                .orElseThrow();
    }

    static void awaitEndOf(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    void awaitNothingRuns() throws IOException {
        await(() -> Folders.list(path().resolve("run")).isEmpty());
    }

    static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - deadline).as("still in time").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    interface Condition {
        boolean holds() throws IOException;
    }
}
