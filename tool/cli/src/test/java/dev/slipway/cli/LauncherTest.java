package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The `slipway` script in a repository of its own, with a JDK and a Maven that only say how they were called.
@Timeout(120)
class LauncherTest {

    private static final Path LAUNCHER = Path.of("..", "..", "slipway");
    private static final List<String> TOOLS = List.of(
            "bash",
            "sh",
            "env",
            "readlink",
            "dirname",
            "basename",
            "find",
            "head",
            "cat",
            "mkdir",
            "rm",
            "rmdir",
            "mv",
            "cp",
            "touch",
            "sed",
            "grep",
            "tr",
            "sleep",
            "kill",
            "flock");

    @TempDir
    private Path folder;

    private Path home;
    private Path jdk;
    private Path bin;

    private record Said(int exitCode, String out, String err) {}

    @BeforeEach
    void aRepository() throws IOException {
        home = folder.resolve("re po");
        Files.createDirectories(home.resolve("tool/cli/src/main"));
        Files.writeString(home.resolve("tool/cli/src/main/A.java"), "");
        Files.writeString(home.resolve("pom.xml"), """
                <modules>
                  <module>build/bom</module>
                  <module>build/format</module>
                  <module>chassis/core</module>
                  <module>services/user</module>
                  <module>tool/cli</module>
                </modules>
                """);
        Files.copy(LAUNCHER, home.resolve("slipway"));
        executable(home.resolve("slipway"));
        bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : TOOLS) {
            for (String place : List.of("/bin", "/usr/bin")) {
                Path original = Path.of(place, tool);
                if (Files.isExecutable(original) && !Files.exists(bin.resolve(tool))) {
                    Files.createSymbolicLink(bin.resolve(tool), original);
                }
            }
        }
        jdk = fakeJdk("jdks/of mine", "25.0.1");
        maven("mkdir -p tool/cli/target/lib; touch tool/cli/target/slipway-cli-1.jar tool/cli/target/lib/b.jar");
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Says what it was called with; makes an archive when told to, as a JDK does.
    private Path fakeJdk(String place, String version) throws IOException {
        Path made = folder.resolve(place);
        Files.createDirectories(made.resolve("bin"));
        Files.writeString(made.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(made.resolve("bin/java"), """
                #!/bin/sh
                for a in "$@"; do
                  case $a in -XX:SharedArchiveFile=*.new) echo archive > "${a#*=}" ;; esac
                  case $a in exit-9) exit 9 ;; esac
                done
                echo "home=$SLIPWAY_HOME"
                for a in "$@"; do echo "[$a]"; done
                """);
        executable(made.resolve("bin/java"));
        Files.writeString(made.resolve("bin/javac"), "");
        executable(made.resolve("bin/javac"));
        return made;
    }

    private void maven(String work) throws IOException {
        Files.writeString(
                bin.resolve("mvn"),
                "#!/bin/sh\necho \"$@\" >> '" + folder + "/calls'\ncd '" + home + "'\n" + work + "\n");
        executable(bin.resolve("mvn"));
    }

    private long builds() throws IOException {
        Path calls = folder.resolve("calls");
        if (!Files.exists(calls)) {
            return 0;
        }
        try (var lines = Files.lines(calls)) {
            return lines.count();
        }
    }

    private ProcessBuilder prepared(Map<String, String> variables, String... command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("HOME", folder.resolve("user").toString());
        builder.environment().put("SLIPWAY_JDKS", folder.resolve("jdks").toString());
        builder.environment().putAll(variables);
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private Said call(Map<String, String> variables, String... command) throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        Process process =
                prepared(variables, command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out, Files.readString(err));
    }

    private Said slipway(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(home.resolve("slipway").toString()));
        line.addAll(List.of(arguments));
        return call(Map.of(), line.toArray(String[]::new));
    }

    @Test
    void without_a_jdk_one_line_says_what_to_install() throws IOException, InterruptedException {
        Files.delete(jdk.resolve("release"));
        fakeJdk("jdks/old", "17.0.2");
        fakeJdk("jdks/older", "1.8.0_402");
        var said = slipway("version");
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .contains("no JDK 25 or newer found", "install one", "JAVA_HOME");
        assertThat(builds()).isZero();
    }

    @Test
    void a_jdk_is_found_by_variable_folder_and_path() throws IOException, InterruptedException {
        Path other = fakeJdk("elsewhere", "26-ea");
        String command = home.resolve("slipway").toString();
        String none = folder.resolve("none").toString();
        assertThat(call(Map.of("JAVA_HOME", other.toString(), "SLIPWAY_JDKS", none), command)
                        .exitCode())
                .isZero();
        assertThat(call(Map.of("JAVA_HOME", "/nowhere"), command).exitCode()).isZero();
        Files.createSymbolicLink(bin.resolve("java"), other.resolve("bin/java"));
        assertThat(call(Map.of("SLIPWAY_JDKS", none), command).exitCode()).isZero();
        Path mac = Files.createDirectories(folder.resolve("macs/temurin.jdk/Contents"));
        Files.move(fakeJdk("moving", "25"), mac.resolve("Home"));
        Files.delete(bin.resolve("java"));
        assertThat(call(Map.of("SLIPWAY_JDKS", folder.resolve("macs").toString()), command)
                        .exitCode())
                .isZero();
    }

    @Test
    void it_builds_once_and_again_only_after_a_source_has_changed() throws IOException, InterruptedException {
        var first = slipway("list", "two words");
        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).isEqualTo("    Building the tool and the chassis, which is done once\n");
        assertThat(first.out())
                .startsWith("home=" + home + "\n")
                .contains("[-cp]\n[" + home + "/.slipway/lib/b.jar:" + home + "/.slipway/lib/slipway-cli-1.jar]")
                .contains("[-XX:SharedArchiveFile=" + home + "/.slipway/slipway-25.0.1.jsa]")
                .endsWith("[dev.slipway.cli.Slipway]\n[list]\n[two words]\n");
        assertThat(folder.resolve("calls"))
                .content()
                .contains("-pl build/bom,chassis/core,tool/cli ")
                .doesNotContain("services")
                .doesNotContain("format");

        var second = slipway("list");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Files.setLastModifiedTime(
                home.resolve("tool/cli/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(slipway("list").exitCode()).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void a_file_taken_away_is_a_change_and_a_target_folder_is_none() throws IOException, InterruptedException {
        slipway("list");
        Files.createDirectories(home.resolve("tool/cli/target/classes"));
        Files.writeString(home.resolve("tool/cli/target/classes/New.class"), "");
        Files.setLastModifiedTime(
                home.resolve("tool/cli/target/classes/New.class"),
                FileTime.from(Instant.now().plusSeconds(5)));
        slipway("list");
        assertThat(builds()).isEqualTo(1);
        Files.delete(home.resolve("tool/cli/src/main/A.java"));
        Files.setLastModifiedTime(
                home.resolve("tool/cli/src/main"), FileTime.from(Instant.now().plusSeconds(5)));
        slipway("list");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void the_chassis_that_projects_carry_is_built_again_when_it_is_gone() throws IOException, InterruptedException {
        slipway("list");
        slipway("list");
        assertThat(builds()).isEqualTo(1);
        Files.delete(home.resolve(".slipway/repository"));
        slipway("list");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void a_failed_build_shows_its_first_error_and_where_the_rest_is() throws IOException, InterruptedException {
        maven("echo '[INFO] fine'; echo '[ERROR] a.java: broken'; exit 1");
        var said = slipway("list");
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .contains("[ERROR] a.java: broken")
                .endsWith("all of it is in " + home + "/.slipway/build.log\n");
        assertThat(slipway("list").exitCode()).isEqualTo(1);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void a_warning_that_is_refused_is_kept_and_shown() throws IOException, InterruptedException {
        maven("""
                case " $* " in *" -q "*) quiet=yes ;; *defaultLogLevel=warn*) ;; *) echo '[INFO] Scanning' ;; esac
                [ "$quiet" ] || echo '[WARNING] of the POM'
                [ "$quiet" ] || echo '[WARNING] a.java:[1,2] [OperatorPrecedence] Use grouping parentheses'
                echo '[ERROR] COMPILATION ERROR :'
                echo '[ERROR] warnings found and -Werror specified'
                exit 1""");

        assertThat(slipway("list").err())
                .contains("-Werror specified\n[WARNING] a.java:[1,2] [OperatorPrecedence] Use grouping parentheses\n")
                .doesNotContain("of the POM");
        assertThat(home.resolve(".slipway/build.log")).content().doesNotContain("INFO");
    }

    @Test
    void without_maven_one_line_says_so() throws IOException, InterruptedException {
        Files.delete(bin.resolve("mvn"));
        var said = slipway("list");
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.err().lines()).singleElement().asString().contains("Maven", "install");
    }

    @Test
    void two_at_once_build_once_with_flock_and_without() throws IOException, InterruptedException {
        maven(
                "sleep 0.3; mkdir -p tool/cli/target/lib; touch tool/cli/target/slipway-cli-1.jar tool/cli/target/lib/b.jar");
        for (int round = 1; round <= 2; round++) {
            var one = prepared(Map.of(), home.resolve("slipway").toString(), "one")
                    .start();
            var two = prepared(Map.of(), home.resolve("slipway").toString(), "two")
                    .start();
            one.getInputStream().readAllBytes();
            two.getInputStream().readAllBytes();
            assertThat(one.waitFor()).isZero();
            assertThat(two.waitFor()).isZero();
            assertThat(builds()).isEqualTo(round);
            Files.deleteIfExists(bin.resolve("flock"));
            Files.delete(home.resolve(".slipway/built"));
        }
        assertThat(home.resolve(".slipway/lock.d")).doesNotExist();
    }

    @Test
    void what_it_prints_for_itself_can_be_typed_again() throws IOException, InterruptedException {
        Files.writeString(
                jdk.resolve("bin/java"), Files.readString(jdk.resolve("bin/java")) + "echo command=$SLIPWAY_COMMAND\n");
        assertThat(slipway("list").out()).contains("command=" + home.toString().replace(" ", "\\ ") + "/slipway\n");
        assertThat(call(Map.of(), "bash", "-c", "cd 're po' && ./slipway list").out())
                .contains("command=./slipway\n");
        Files.createSymbolicLink(bin.resolve("slipway"), home.resolve("slipway"));
        assertThat(call(Map.of(), "bash", "-c", "slipway list").out()).contains("command=slipway\n");
    }

    @Test
    void without_a_home_and_a_locale_it_works_all_the_same() throws IOException, InterruptedException {
        Files.writeString(jdk.resolve("bin/java"), Files.readString(jdk.resolve("bin/java")) + "echo locale=$LC_ALL\n");
        var said = call(
                Map.of("LANG", "C"),
                "env",
                "-u",
                "HOME",
                home.resolve("slipway").toString(),
                "list");
        assertThat(said.exitCode()).isZero();
        assertThat(said.out()).contains("locale=C.UTF-8\n");
    }

    @Test
    void it_works_through_links_and_passes_the_exit_code_on() throws IOException, InterruptedException {
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("re po", "slipway"));
        Path second = Files.createSymbolicLink(bin.resolve("slipway"), first);
        assertThat(call(Map.of(), second.toString(), "list").out()).startsWith("home=" + home + "\n");
        assertThat(call(Map.of(), second.toString(), "exit-9").exitCode()).isEqualTo(9);
    }

    @Test
    void a_real_jdk_is_silent_about_its_archive_missing_broken_or_good() throws IOException, InterruptedException {
        Path classes = Path.of("target", "classes");
        String jars = folder.resolve("jars").toString();
        Files.createDirectories(folder.resolve("jars"));
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        assertThat(jar.run(System.out, System.err, "cf", jars + "/slipway-cli-1.jar", "-C", classes.toString(), "."))
                .isZero();
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String to = jars + "/" + number++ + ".jar";
            if (!entry.contains("picocli") && !entry.contains("snakeyaml") && !entry.contains("engine")) {
                continue;
            }
            if (Files.isDirectory(Path.of(entry))) {
                assertThat(jar.run(System.out, System.err, "cf", to, "-C", entry, "."))
                        .isZero();
            } else {
                Files.copy(Path.of(entry), Path.of(to));
            }
        }
        maven("mkdir -p tool/cli/target/lib; cp '" + jars + "'/slipway* tool/cli/target/; cp '" + jars
                + "'/[0-9]* tool/cli/target/lib/");
        Map<String, String> real = Map.of("JAVA_HOME", System.getProperty("java.home"));
        String command = home.resolve("slipway").toString();
        String expected = "slipway " + Version.current() + " (JDK " + Runtime.version() + ")\n";
        assertThat(call(real, command, "version").out()).isEqualTo(expected);

        Path archive;
        try (var files = Files.newDirectoryStream(home.resolve(".slipway"), "*.jsa")) {
            archive = files.iterator().next();
        }
        assertThat(archive).isNotEmptyFile();
        assertThat(call(real, command, "version")).isEqualTo(new Said(0, expected, ""));
        Files.writeString(archive, "this is no archive");
        assertThat(call(real, command, "version")).isEqualTo(new Said(0, expected, ""));
        Files.writeString(archive, "");
        assertThat(call(real, command, "version")).isEqualTo(new Said(0, expected, ""));
        Files.delete(archive);
        assertThat(call(real, command, "version")).isEqualTo(new Said(0, expected, ""));
    }
}
