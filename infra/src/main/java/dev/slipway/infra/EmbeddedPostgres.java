package dev.slipway.infra;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL as a child process, one for each data folder, shared by all processes of this user.
///
/// Beside each server runs a guardian (`guardian.sh`), which ends it when nobody uses it. The lock of the home folder
/// lets one process at a time start or join, so that at most one server runs on the same data.
final class EmbeddedPostgres {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 5;
    private static final String HOST = "127.0.0.1";
    private static final String READY = "database system is ready to accept connections";
    private static final String PORT_TAKEN = "could not bind";

    private final Path home;
    private final @Nullable Path keep;
    private final Binaries binaries;
    private final String key;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private EmbeddedPostgres(Path home, @Nullable Path keep) throws IOException {
        this.home = home;
        this.keep = keep;
        this.binaries = Binaries.in(home);
        String what = keep == null ? binaries.folder() + " " + settings() : keep.toString();
        this.key = UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }

    static Postgres join(InfraOptions options) {
        // A file lock keeps processes apart, not threads.
        synchronized (EmbeddedPostgres.class) {
            try {
                Path home = Files.createDirectories(options.home());
                Path keep = options.keep() == null ? null : keepable(options.keep());
                try (var file = FileChannel.open(
                                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var lock = file.lock()) {
                    Objects.requireNonNull(lock);
                    return new EmbeddedPostgres(home, keep).joinOrStart();
                }
            } catch (IOException e) {
                throw new InfraException("PostgreSQL cannot be started: " + e, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InfraException("Interrupted while PostgreSQL was started", e);
            }
        }
    }

    /// What every service may count on, wherever its PostgreSQL comes from.
    static List<String> settings() {
        return List.of(
                "-c", "max_connections=200",
                "-c", "max_prepared_transactions=64",
                "-c", "wal_level=logical",
                "-c", "timezone=UTC");
    }

    private static Path keepable(Path folder) throws IOException {
        Path parent = Files.createDirectories(Objects.requireNonNullElse(folder.getParent(), folder));
        Path keep = parent.toRealPath().resolve(Objects.requireNonNullElse(folder.getFileName(), Path.of("")));
        if (!Files.exists(keep.resolve("PG_VERSION"))) {
            try {
                Files.deleteIfExists(keep);
            } catch (DirectoryNotEmptyException e) {
                throw new InfraException(
                        "%s is not empty and holds no PostgreSQL data; name another folder".formatted(keep), e);
            }
        }
        return keep;
    }

    private Postgres joinOrStart() throws IOException, InterruptedException {
        for (Instance dead : Instance.in(home, "")) {
            if (dead.guardian().isEmpty()) {
                Folders.delete(dead.folder());
            }
        }
        for (Instance running : Instance.in(home, key)) {
            for (var guardian = running.guardian(); guardian.isPresent(); guardian = running.guardian()) {
                Optional<Postgres> joined = join(running);
                if (joined.isPresent()) {
                    return joined.get();
                }
                requireTime("the last PostgreSQL on the same data still runs: " + running.folder());
                pause(guardian.get());
            }
        }
        while (true) {
            Optional<Postgres> started = start();
            if (started.isPresent()) {
                return started.get();
            }
            requireTime("every port was taken before PostgreSQL could have it");
        }
    }

    /// A moment, or less when the process ends.
    private static void pause(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.trace("Process {} still runs", process.pid());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Empty when the server's last user has left and it stops.
    private Optional<Postgres> join(Instance running) throws IOException {
        FileChannel users;
        try {
            users = running.enter();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<Instance.Listing> listing = running.listing();
        if (listing.isEmpty()) {
            users.close();
            return Optional.empty();
        }
        return Optional.of(used("joined", listing.get(), users));
    }

    /// Empty when another process took the port in the meantime.
    private Optional<Postgres> start() throws IOException, InterruptedException {
        Instance instance = Instance.create(home, key);
        Process mkfifo =
                new ProcessBuilder("mkfifo", "-m", "600", instance.users().toString()).start();
        mkfifo.waitFor();
        FileChannel users = instance.enter();
        try {
            Instance.Listing listing = new Instance.Listing(
                    freePort(), keep == null ? instance.folder().resolve("data") : keep);
            if (!launch(instance, listing)) {
                users.close();
                return Optional.empty();
            }
            instance.list(listing);
            return Optional.of(used("started", listing, users));
        } catch (IOException | InterruptedException | RuntimeException e) {
            users.close();
            throw e;
        }
    }

    private Postgres used(String how, Instance.Listing listing, FileChannel users) throws IOException {
        LOG.info(
                "PostgreSQL {} on port {} {}, shared, data {}",
                binaries.version(),
                listing.port(),
                how,
                keep == null ? "ephemeral" : "in " + keep);
        return new Postgres(HOST, listing.port(), Binaries.passwordOf(listing.data()), () -> {
            users.close();
            LOG.info("PostgreSQL on port {} left; it stops with its last user", listing.port());
        });
    }

    /// Returns true when the server accepts connections, false when its port was taken.
    private boolean launch(Instance instance, Instance.Listing listing) throws IOException, InterruptedException {
        Path script = instance.folder().resolve("guardian.sh");
        try (InputStream source = EmbeddedPostgres.class.getResourceAsStream("guardian.sh")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        Path log = Files.createFile(instance.folder().resolve("log"));
        // Opened now, because the guardian of a server that fails deletes it.
        try (InputStream output = Files.newInputStream(log)) {
            Process guardian = new ProcessBuilder(command(script, instance, listing))
                    .redirectInput(instance.users().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            var seen = new StringBuilder();
            boolean ended = false;
            while (seen.indexOf(READY) < 0) {
                if (ended && seen.indexOf(PORT_TAKEN) < 0) {
                    throw new InfraException("PostgreSQL failed to start:\n" + seen);
                } else if (ended) {
                    return false;
                }
                requireTime("PostgreSQL says:\n" + seen);
                ended = guardian.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                seen.append(new String(output.readAllBytes(), StandardCharsets.UTF_8));
            }
            return true;
        }
    }

    private List<String> command(Path script, Instance instance, Instance.Listing listing) throws IOException {
        Path data = listing.data();
        Path template = binaries.template();
        List<String> command = new ArrayList<>();
        if (Binaries.isLinux()) {
            // Out of reach of the terminal's Ctrl-C.
            command.add("setsid");
        }
        command.addAll(List.of("sh", script.toString(), instance.folder().toString()));
        command.addAll(List.of(data.toString(), template.toString()));
        command.addAll(Binaries.command(
                binaries.folder(), "postgres", Files.exists(data.resolve("PG_VERSION")) ? data : template));
        command.addAll(settings());
        command.addAll(List.of(
                "-c", "listen_addresses=" + HOST,
                "-c", "port=" + listing.port(),
                "-c", "unix_socket_directories=",
                "-c", "logging_collector=off",
                "-c", "io_method=sync"));
        if (keep == null) {
            command.addAll(List.of("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"));
        }
        return command;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void requireTime(String otherwise) {
        if (System.nanoTime() - deadline > 0) {
            throw new InfraException("Gave up after %s s: %s".formatted(PATIENCE.toSeconds(), otherwise));
        }
    }
}
