package dev.slipway.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A folder that a new project goes to: all of it or nothing.
///
/// The tree is written beside the target and moved into place at the end, so that a failure leaves no trace.
public final class Target {

    private static final Map<PosixFilePermission, PosixFilePermission> EXECUTE = Map.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

    private final Path folder;

    private Target(Path folder) {
        this.folder = folder;
    }

    /// Checks the folder: it must not exist, be empty or hold a lone `.git`, and what leads to it must be a folder.
    ///
    /// The nearest parent that exists is taken by its real path, so links above are followed once, here.
    ///
    /// @throws GenerationException if nothing can be written there
    public static Target of(Path wanted) {
        Path absolute = wanted.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw failure(absolute + " is the root of the file system", "Name a new folder");
        }
        if (Files.isSymbolicLink(absolute)) {
            throw failure(absolute + " is a symbolic link", "Name the folder that it points to, or another");
        }
        Path existing = parent;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        try {
            if (existing == null || !Files.isDirectory(existing)) {
                throw failure(
                        "cannot create " + absolute + ": " + existing + " is not a folder", "Name another folder");
            }
            if (!Files.isWritable(existing)) {
                throw failure("cannot write in " + existing, "Name a folder that you may write to");
            }
            Path real = existing.toRealPath().resolve(existing.relativize(absolute));
            if (Files.isRegularFile(real)) {
                throw failure(absolute + " is not a folder", "Name a new or empty folder with --dir");
            }
            if (Files.exists(real, LinkOption.NOFOLLOW_LINKS) && !isFree(real)) {
                throw failure(absolute + " is not empty", "Name a new or empty folder with --dir");
            }
            return new Target(real);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look into " + absolute, e);
        }
    }

    public Path folder() {
        return folder;
    }

    /// Writes the project.
    ///
    /// @throws UncheckedIOException if the disk refuses; then everything is as it was before
    public void write(Tree tree) {
        Deque<Path> created = new ArrayDeque<>();
        @Nullable Path draft = null;
        try {
            Path parent = parent();
            createFolders(parent, created);
            // Not as a temporary folder, which is closed to others whatever the umask says.
            draft = Files.createDirectory(parent.resolve("." + folder.getFileName() + ".slipway-" + UUID.randomUUID()));
            for (Map.Entry<String, Tree.File> file : tree.files().entrySet()) {
                writeFile(draft.resolve(file.getKey()), file.getValue());
            }
            publish(draft);
        } catch (IOException e) {
            undo(draft, created);
            throw new UncheckedIOException("Cannot write " + folder + "; nothing was left behind", e);
        }
    }

    private Path parent() {
        Path parent = folder.getParent();
        return parent == null ? folder : parent;
    }

    private static void createFolders(Path wanted, Deque<Path> created) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = wanted; at != null && !Files.exists(at); at = at.getParent()) {
            missing.addFirst(at);
        }
        for (Path one : missing) {
            Files.createDirectory(one);
            created.push(one);
        }
    }

    private static void writeFile(Path path, Tree.File file) throws IOException {
        Files.createDirectories(path.getParent());
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.content().writeTo(out);
        }
        if (file.executable()) {
            allowToExecute(path);
        }
    }

    /// To whom may read it: whom the umask shuts out, stays out.
    private static void allowToExecute(Path path) throws IOException {
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) == null) {
            return;
        }
        var allowed = Files.getPosixFilePermissions(path);
        EXECUTE.forEach((read, execute) -> {
            if (allowed.contains(read)) {
                allowed.add(execute);
            }
        });
        Files.setPosixFilePermissions(path, allowed);
    }

    /// One move where the target does not exist; a free folder, in which somebody's shell may stand, is filled.
    private void publish(Path draft) throws IOException {
        if (!Files.exists(folder)) {
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        if (!isFree(folder)) {
            throw new IOException(folder + " has been filled by somebody else meanwhile");
        }
        List<Path> moved = new ArrayList<>();
        try (var children = Files.newDirectoryStream(draft)) {
            for (Path child : children) {
                Path to = folder.resolve(child.getFileName());
                Files.move(child, to, StandardCopyOption.ATOMIC_MOVE);
                moved.add(to);
            }
        } catch (IOException e) {
            for (Path one : moved) {
                delete(one);
            }
            throw e;
        }
        Files.delete(draft);
    }

    private static void undo(@Nullable Path draft, Deque<Path> created) {
        try {
            if (draft != null && Files.exists(draft)) {
                delete(draft);
            }
            for (Path folder : created) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clean up after a failure", e);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (var entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.delete(path);
    }

    /// Empty, or a repository that was cloned before anything is in it.
    private static boolean isFree(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var entries = Files.newDirectoryStream(path, entry -> !entry.endsWith(".git"))) {
            return !entries.iterator().hasNext();
        }
    }

    private static GenerationException failure(String what, String fix) {
        return new GenerationException(GenerationException.Cause.TARGET, what, fix);
    }
}
