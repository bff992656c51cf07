package dev.slipway.infra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The folder of one server: the FIFO of its users, the pid of its guardian, and the listing once it can be joined.
///
/// `guardian.sh` is the other half of what happens here.
record Instance(Path folder) {

    /// @param data the data folder
    record Listing(int port, Path data) {}

    /// The servers whose key is `key`; all for an empty one.
    static List<Instance> in(Path home, String key) throws IOException {
        return Folders.list(home.resolve("run")).stream()
                .filter(folder -> folder.getFileName().toString().startsWith(key))
                .map(Instance::new)
                .toList();
    }

    static Instance create(Path home, String key) throws IOException {
        return new Instance(Files.createTempDirectory(Files.createDirectories(home.resolve("run")), key + "-"));
    }

    Path users() {
        return folder.resolve("users");
    }

    /// Empty when it never ran or is dead; another process may have its pid by now, but not its arguments.
    Optional<ProcessHandle> guardian() throws IOException {
        return read("guardian")
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(folder.toString()))
                        .isPresent());
    }

    Optional<Listing> listing() throws IOException {
        return read("listed").map(text -> {
            String[] lines = text.split("\n", 2);
            return new Listing(Integer.parseInt(lines[0]), Path.of(lines[1]));
        });
    }

    void list(Listing listing) throws IOException {
        Path draft = folder.resolve("listed.draft");
        Files.writeString(draft, listing.port() + "\n" + listing.data());
        Files.move(draft, folder.resolve("listed"), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Becomes a user, until the channel is closed or this process ends.
    FileChannel enter() throws IOException {
        // For reading too, so that opening never waits for the other end.
        FileChannel users = FileChannel.open(users(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        users.write(ByteBuffer.wrap(new byte[] {'\n'}));
        return users;
    }

    private Optional<String> read(String file) throws IOException {
        try {
            return Optional.of(Files.readString(folder.resolve(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
