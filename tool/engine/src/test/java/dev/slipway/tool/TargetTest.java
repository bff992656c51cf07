package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {

    @TempDir
    private Path folder;

    private static Tree tree(String... paths) {
        var files = new TreeMap<String, Tree.File>();
        for (String path : paths) {
            files.put(path, new Tree.File(Content.of(path), path.equals("run"), path, Ownership.MERGED));
        }
        return new Tree(files);
    }

    private void isEmpty(Path path) throws IOException {
        try (var left = Files.list(path)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_new_folder_and_its_missing_parents_are_made() throws IOException {
        Path target = folder.resolve("a/b/c");
        Target.of(target).write(tree("run", "x/y"));
        assertThat(target.resolve("x/y")).hasContent("x/y");
        assertThat(permissions(target.resolve("run"))).isEqualTo("rwxr-xr-x");
        assertThat(permissions(target.resolve("x/y"))).isEqualTo("rw-r--r--");
        try (var siblings = Files.list(target.getParent())) {
            assertThat(siblings).containsExactly(target);
        }
    }

    /// Writes a project in a process of its own, which has a umask of its own.
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            Target.of(Path.of(arguments[0])).write(tree("run", "x/y"));
        }
    }

    @Test
    void others_may_read_only_what_the_umask_lets_them() throws Exception {
        Path target = folder.resolve("private");
        var writing = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 077 && exec \"$0\" \"$@\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        target.toString())
                .inheritIO()
                .start();

        assertThat(writing.waitFor()).isZero();
        assertThat(permissions(target)).isEqualTo("rwx------");
        assertThat(permissions(target.resolve("run"))).isEqualTo("rwx------");
        assertThat(permissions(target.resolve("x"))).isEqualTo("rwx------");
        assertThat(permissions(target.resolve("x/y"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void an_empty_folder_is_filled_and_stays_the_same_folder() throws IOException {
        Path target = Files.createDirectory(folder.resolve("empty"));
        Object key = Files.getAttribute(target, "unix:ino");
        Target.of(target).write(tree("run", "x/y"));
        assertThat(target.resolve("x/y")).exists();
        assertThat(Files.getAttribute(target, "unix:ino")).isEqualTo(key);
        try (var siblings = Files.list(folder)) {
            assertThat(siblings).containsExactly(target);
        }
    }

    @Test
    void a_repository_that_was_cloned_empty_is_filled_beside_its_git() throws IOException {
        Path target = Files.createDirectory(folder.resolve("clone"));
        Files.writeString(Files.createDirectory(target.resolve(".git")).resolve("HEAD"), "ref: refs/heads/main");
        Target.of(target).write(tree("run", "x/y"));
        assertThat(target.resolve("x/y")).hasContent("x/y");
        assertThat(target.resolve(".git/HEAD")).hasContent("ref: refs/heads/main");
        assertRefused(target, "is not empty");
    }

    @Test
    void what_is_not_empty_is_refused() throws IOException {
        Files.writeString(folder.resolve("file"), "precious");
        assertRefused(folder, "is not empty");
        assertRefused(folder.resolve("file"), "file is not a folder");
        assertRefused(folder.resolve("file/below"), "is not a folder");
        assertRefused(Path.of("/"), "root");
    }

    @Test
    void a_link_is_refused_as_target_and_followed_above_it() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        assertRefused(link, "symbolic link");
        assertRefused(folder.resolve("dangling"), "symbolic link");
        assertRefused(folder.resolve("dangling/x"), "is not a folder");
        assertThat(Target.of(link.resolve("x")).folder())
                .isEqualTo(real.toRealPath().resolve("x"));
    }

    @Test
    void a_failure_leaves_nothing_behind() throws IOException {
        Path target = folder.resolve("a/b/c");
        Path existing = Files.createDirectory(folder.resolve("existing"));
        Target first = Target.of(existing);
        Files.writeString(existing.resolve("meanwhile"), "somebody else's");
        assertThatThrownBy(() -> first.write(tree("run"))).isInstanceOf(UncheckedIOException.class);
        assertThat(existing).isDirectoryContaining(path -> path.endsWith("meanwhile"));
        try (var siblings = Files.list(folder)) {
            assertThat(siblings).containsExactly(existing);
        }

        Target second = Target.of(target);
        assertThatThrownBy(() -> second.write(tree("é".repeat(200)))).isInstanceOf(UncheckedIOException.class);
        Files.delete(existing.resolve("meanwhile"));
        Files.delete(existing);
        isEmpty(folder);
    }

    private static void assertRefused(Path folder, String why) {
        assertThat(Fixtures.problems(() -> Target.of(folder)))
                .singleElement()
                .asString()
                .contains(why);
    }
}
