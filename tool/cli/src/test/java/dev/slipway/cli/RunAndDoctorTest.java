package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunAndDoctorTest {

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();

    /// A test that fails leaves no build that waits for its end.
    @AfterEach
    void end() {
        for (var process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Path script(String path, String text) throws IOException {
        Path script = folder.resolve(path);
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void run_starts_the_service_in_its_folder_and_passes_its_exit_code_on() throws IOException {
        script("my shop/run", "pwd > where; exit 7");
        assertThat(new Terminal(folder).call("run", "my shop")).isEqualTo(7);
        assertThat(folder.resolve("my shop/where"))
                .content()
                .isEqualTo(folder.resolve("my shop").toRealPath() + "\n");
    }

    @Test
    void with_json_the_service_speaks_on_standard_error() throws IOException {
        script("run", "echo serving");
        var terminal = new Terminal(folder);
        assertThat(terminal.call("run", "--json")).isZero();
        assertThat(terminal.err()).isEqualTo("serving\n");
        assertThat(terminal.document().get("ok")).isEqualTo(true);
    }

    @Test
    void new_with_run_starts_what_it_wrote() throws IOException {
        Path template = folder.resolve("t");
        script("t/run", "echo tiny-service dev.slipway.template.tiny TinyApp TINY_SERVICE_ > ran; exit 3");
        Files.writeString(
                template.resolve("slipway-template.yaml"),
                "{spec: 1, title: T, about: A, identity: {package: dev.slipway.template.tiny, groupId: dev.slipway.template,"
                        + " artifact: tiny-service, app: TinyApp, env: TINY_SERVICE_}}");
        Files.writeString(
                folder.resolve("catalogue.yaml"), "{spec: 1, group: g, version: 1, templates: [{id: t, path: t}]}");
        var terminal = new Terminal(folder).with("SLIPWAY_HOME", folder.toString());
        assertThat(terminal.call("new", "t", "--name", "shop", "--run")).isEqualTo(3);
        assertThat(folder.resolve("shop/ran")).hasContent("shop com.example.shop ShopApp SHOP_");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "import POM: Could not find artifact dev.slipway:slipway-bom:pom:1 in corp (https://x) | true",
                "import POM: dev.slipway:slipway-bom:pom:1 was not found in https://x | true",
                "import POM: Could not transfer dev.slipway:slipway-bom:pom:1 from/to slipway (file:///x) | false",
                "import POM: Could not find artifact com.example:bom:pom:1 in corp (https://x) | false",
                "COMPILATION ERROR | false",
            })
    void a_build_whose_chassis_is_sought_at_a_mirror_says_what_to_set(String error, boolean explained)
            throws IOException, InterruptedException {
        Files.copy(Path.of("../../templates/parts/run"), folder.resolve("run"));
        Files.writeString(folder.resolve("pom.xml"), "<slipway.main>Main</slipway.main>");
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve(".slipway/chassis"));
        script("bin/mvn", "echo '[ERROR] " + error + "'; exit 4");
        var run = new ProcessBuilder("bash", folder.resolve("run").toString());
        run.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        run.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = run.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        var told = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(4);
        assertThat(told).contains(error);
        assertThat(told.contains("<mirrorOf>*,!slipway</mirrorOf>")).isEqualTo(explained);
    }

    /// With flock; with none; and with none after a builder that was killed.
    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "false, true"})
    @Timeout(60)
    void two_at_once_build_once(boolean flock, boolean killed) throws IOException, InterruptedException {
        Files.copy(Path.of("../../templates/parts/run"), folder.resolve("run"));
        Files.writeString(folder.resolve("pom.xml"), "<slipway.main>Main</slipway.main>");
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve("target"));
        tools(flock);
        script("bin/mvn", "echo built >> built; echo at work; read go < gate; touch target/app.jar");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("gate").toString())
                        .start()
                        .waitFor())
                .isZero();
        if (killed) {
            var gone = new ProcessBuilder("true").start();
            gone.waitFor();
            Files.createSymbolicLink(folder.resolve("target/.owner"), Path.of("" + gone.pid()));
        }

        var one = running();
        assertThat(one.errorReader().readLine()).startsWith("Building");
        assertThat(one.errorReader().readLine()).isEqualTo("at work");
        var two = running("token");
        assertThat(two.errorReader().readLine()).startsWith("Waiting for another build");
        Files.writeString(folder.resolve("gate"), "go\n");

        assertThat(one.inputReader().readAllAsString()).startsWith("-XX:").endsWith(" Main\n");
        assertThat(two.inputReader().readAllAsString()).endsWith(" dev.slipway.local.DevelopmentTokens\n");
        assertThat(one.waitFor()).isZero();
        assertThat(two.waitFor()).isZero();
        assertThat(folder.resolve("built")).hasContent("built");
        assertThat(Files.isSymbolicLink(folder.resolve("target/.owner"))).isFalse();
    }

    /// What the script needs of the system, and a JDK that says what it is to run.
    private void tools(boolean flock) throws IOException {
        script("jdk/bin/java", "echo \"$@\"");
        script("jdk/bin/javac", "");
        Files.createDirectories(folder.resolve("bin"));
        for (var tool : List.of(
                "bash",
                "sh",
                "cat",
                "cut",
                "dirname",
                "find",
                "flock",
                "grep",
                "head",
                "ln",
                "locale",
                "mkdir",
                "mv",
                "readlink",
                "rm",
                "sed",
                "sha256sum",
                "sleep",
                "tee",
                "touch")) {
            if (flock || !tool.equals("flock")) {
                Files.createSymbolicLink(
                        folder.resolve("bin").resolve(tool), Path.of("/usr/bin").resolve(tool));
            }
        }
    }

    private Process running(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("/bin/bash", folder.resolve("run").toString()));
        command.addAll(List.of(arguments));
        var run = new ProcessBuilder(command);
        run.environment().put("PATH", folder.resolve("bin").toString());
        run.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        var process = run.start();
        running.add(process);
        return process;
    }

    @Test
    void a_folder_that_is_no_service_is_refused() {
        var terminal = new Terminal(folder);
        assertThat(terminal.call("run")).isEqualTo(2);
        assertThat(terminal.err()).contains("has no executable 'run'").contains("fix:");
    }

    @Test
    @Timeout(60)
    void when_told_to_end_it_ends_the_service_and_waits_for_it() throws IOException, InterruptedException {
        script("run", "trap 'echo stopped > stopped; exit 0' TERM\necho $$\nwhile :; do sleep 0.05; done");
        Process slipway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Slipway.class.getName(),
                        "run",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long service = Long.parseLong(slipway.inputReader().readLine());
        slipway.destroy();
        assertThat(slipway.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("stopped")).exists();
        assertThat(ProcessHandle.of(service).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void doctor_finds_what_is_there() throws IOException {
        String core = ".slipway/repository/dev/slipway/slipway-core/" + Version.current() + "/slipway-core-"
                + Version.current() + ".jar";
        Files.createDirectories(folder.resolve(core).getParent());
        Files.writeString(folder.resolve(core), "");
        script("bin/mvn", "echo Apache Maven 3.9.9");
        script("bin/git", "echo git version 2.50.1");
        var terminal = new Terminal(folder)
                .with("PATH", folder.resolve("bin").toString())
                .with("SLIPWAY_HOME", folder.toString())
                .with("HOME", folder.toString());
        assertThat(terminal.call("doctor")).isZero();
        assertThat(terminal.out())
                .contains("ok       Maven     3.9.9", "ok       git       2.50.1", "ok       chassis")
                .doesNotContain("missing");
        assertThat(terminal.err()).contains("slipway list");
    }

    @Test
    void doctor_says_what_is_missing_and_how_to_get_it() throws IOException {
        script("bin/mvn", "exit 1");
        var terminal = new Terminal(folder)
                .with("PATH", folder.resolve("bin").toString())
                .with("HOME", folder.toString());
        assertThat(terminal.call("doctor")).isEqualTo(1);
        assertThat(terminal.out())
                .contains("missing  git       'git' is not on the PATH\n")
                .contains("fix: Install git")
                .contains("missing  Maven")
                .contains("missing  chassis");
    }
}
