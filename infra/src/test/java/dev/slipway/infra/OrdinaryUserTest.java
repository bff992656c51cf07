package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What all other tests show when they run as an ordinary user is shown here when they run as root.
class OrdinaryUserTest {
    @RegisterExtension
    static final TestHome HOME = new TestHome();

    @Test
    void an_ordinary_user_needs_no_root() throws Exception {
        assumeTrue(Home.ROOT, "every other test runs as an ordinary user");
        Path home = Files.createDirectory(HOME.path().resolve("home"));
        Files.setOwner(
                home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid=" + Files.getAttribute(home, "unix:uid"), "--clear-groups", "--no-new-privs"));
        command.addAll(User.command(User.java(), readableClassPath(), "stay", home.toString()));
        Process user = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(User.line(user, "port")).isNotEmpty();

        Instance instance = Instance.in(home, "").getFirst();
        assertThat(TestHome.serverOf(instance).info().user()).contains("nobody");
        List<ProcessHandle> processes = TestHome.processesOf(instance);
        user.destroyForcibly().waitFor();
        TestHome.awaitEndOf(processes);
        assertThat(instance.folder()).doesNotExist();
    }

    /// A copy, because the class path may lie in the home of root.
    private static String readableClassPath() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path to = HOME.path().resolve("class-path").resolve(copies.size() + "-" + from.getFileName());
                copy(from, to);
                copies.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(path.equals(from) ? to.getParent() : target.getParent());
                Files.copy(path, target);
                var permissions = EnumSet.copyOf(Files.getPosixFilePermissions(target));
                permissions.add(PosixFilePermission.OTHERS_READ);
                if (Files.isDirectory(target)) {
                    permissions.add(PosixFilePermission.OTHERS_EXECUTE);
                }
                Files.setPosixFilePermissions(target, permissions);
            }
        }
    }
}
