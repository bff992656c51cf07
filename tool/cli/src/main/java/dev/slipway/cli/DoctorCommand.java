package dev.slipway.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.tool.Chassis;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

@Command(name = "doctor", description = "Checks that this machine has what slipway and its services need.")
final class DoctorCommand implements Action {

    private static final int JDK = 25;
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LEAST_MEMORY = 1536 * MEBIBYTE;
    private static final long LEAST_DISK = 1024 * MEBIBYTE;
    private static final int USUAL_PORT = 8080;
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+(\\.[0-9]+)?");
    private static final long MOST_SECONDS_TO_ANSWER = 20;

    private final Shell shell;

    DoctorCommand(Shell shell) {
        this.shell = shell;
    }

    /// @param needed whether nothing works without it
    private record Finding(String what, boolean ok, boolean needed, String detail, String fix) {

        String line() {
            String state = ok ? "ok" : needed ? "missing" : "warning";
            return "%-8s %-9s %s%s".formatted(state, what, detail, ok ? "" : "\n" + " ".repeat(19) + "fix: " + fix);
        }

        Map<String, Object> document() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("what", what);
            document.put("ok", ok);
            document.put("needed", needed);
            document.put("detail", detail);
            document.put("fix", ok ? "" : fix);
            return document;
        }
    }

    @Override
    public Answer run(Narration narration) throws IOException, InterruptedException {
        List<Finding> findings = List.of(
                jdk(),
                program(
                        "Maven",
                        "mvn",
                        "--version",
                        "Install Maven 3.8 or newer (Debian: apt install maven; macOS: brew install maven)"),
                program(
                        "git",
                        "git",
                        "--version",
                        "Install git (Debian: apt install git; macOS: xcode-select --install)"),
                chassis(),
                memory(),
                disk(),
                port());
        boolean healthy = findings.stream().allMatch(finding -> finding.ok() || !finding.needed());
        List<String> lines = new ArrayList<>();
        findings.forEach(finding -> lines.add(finding.line()));
        if (healthy) {
            narration.next(shell.command() + " list");
        }
        return new Answer(
                healthy ? ExitCode.OK.number() : ExitCode.FAILURE.number(),
                String.join("\n", lines),
                Map.of("findings", findings.stream().map(Finding::document).toList()));
    }

    private static Finding jdk() {
        Runtime.Version version = Runtime.version();
        return new Finding("JDK", version.feature() >= JDK, true, version.toString(), "Install a JDK " + JDK);
    }

    private Finding program(String name, String command, String argument, String fix) throws InterruptedException {
        Optional<Path> found = onPath(command);
        if (found.isEmpty()) {
            return new Finding(name, false, true, "'" + command + "' is not on the PATH", fix);
        }
        Optional<String> version = version(found.get(), argument);
        return new Finding(name, version.isPresent(), true, version.orElse(found.get() + " does not answer"), fix);
    }

    private Optional<Path> onPath(String command) {
        for (String folder : shell.variable("PATH").orElse("").split(File.pathSeparator)) {
            Path program = Path.of(folder, command);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> version(Path program, String argument) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(program.toString(), argument)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(MOST_SECONDS_TO_ANSWER, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            Matcher version = VERSION.matcher(answer);
            return process.exitValue() == 0 && version.find() ? Optional.of(version.group()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Finding chassis() {
        String version = Version.current();
        Path place = shell.home().resolve(Chassis.BUILT);
        boolean there = Files.isRegularFile(
                place.resolve(Path.of("dev", "slipway", "slipway-core", version, "slipway-core-" + version + ".jar")));
        return new Finding(
                "chassis",
                there,
                true,
                there ? version + " in " + place : "version " + version + " is not in " + place,
                "Run " + shell.home().resolve("slipway") + ", which builds it");
    }

    private static Finding memory() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long total = system.getTotalMemorySize();
        return new Finding(
                "memory", total >= LEAST_MEMORY, false, total / MEBIBYTE + " MiB", "Give this machine 2 GiB or more");
    }

    private Finding disk() throws IOException {
        Path home = userHome();
        long free = Files.getFileStore(Files.isDirectory(home) ? home : shell.folder())
                .getUsableSpace();
        return new Finding("disk", free >= LEAST_DISK, false, free / MEBIBYTE + " MiB free", "Free 1 GiB in " + home);
    }

    private Finding port() {
        boolean free;
        try (var socket = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
            free = socket.isBound();
        } catch (IOException e) {
            free = false;
        }
        return new Finding(
                "port",
                free,
                false,
                USUAL_PORT + (free ? " is free" : " is taken"),
                "Stop what listens there, or choose another: " + shell.command() + " new … --port PORT");
    }

    private Path userHome() {
        return Path.of(shell.variable("HOME").orElse(System.getProperty("user.home")));
    }
}
