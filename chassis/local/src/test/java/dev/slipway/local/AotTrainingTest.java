package dev.slipway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.local.AotTraining.FailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotTrainingTest {
    private static final Map<String, String> POSTGRES = Map.of("url", "jdbc:postgresql://nowhere/training");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    private Path folder;

    /// Every training is told this folder, and nothing else on this machine is.
    @AfterEach
    void no_service_survives() {
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(folder.toString()));
    }

    /// Serves both ports, and says what it was asked.
    static final class Service {
        private static final String API = """
                {"paths": {
                  "/v1/things": {"get": {}, "post": {}},
                  "/v1/things/{id}": {"get": {"parameters": [{"in": "path", "required": true}]}},
                  "/v1/searches": {"get": {"parameters": [{"in": "query", "required": true}]}},
                  "/v1/changes": {"get": {"responses": {"200": {"content": {"text/event-stream": {}}}}}},
                  "/v1/imports": {"post": {}}}}
                """;

        public static void main(String[] args) throws IOException {
            System.out.println("started with " + List.of(args));
            for (var argument : args) {
                if (argument.matches("--(http\\.port|service\\.management-port)=.*")) {
                    var port = Integer.parseInt(argument.substring(argument.indexOf('=') + 1));
                    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
                    server.createContext("/", exchange -> {
                        var path = exchange.getRequestURI().getPath();
                        var token = exchange.getRequestHeaders().getFirst("Authorization");
                        var method = exchange.getRequestMethod();
                        var headers = exchange.getRequestHeaders();
                        System.out.println((method.equals("GET") ? "asked for " : "asked by " + method + " for ")
                                + path
                                + (token == null ? "" : " with a token")
                                + (headers.containsKey("Idempotency-Key") ? " and a key" : "")
                                + (headers.containsKey("If-Match") ? " and a version" : "")
                                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                        exchange.getResponseHeaders().set("Location", path + "/made");
                        var api = path.equals("/openapi/v1.json") ? API.getBytes(StandardCharsets.UTF_8) : new byte[0];
                        exchange.sendResponseHeaders(200, api.length == 0 ? -1 : api.length);
                        exchange.getResponseBody().write(api);
                        exchange.close();
                    });
                    server.start();
                }
            }
        }
    }

    /// Ends at once; its JVM has more to say than a training shows, as that of a service with many classes.
    static final class Broken {
        public static void main(String[] args) {
            for (var line = 1; line <= 50; line++) {
                System.out.println("reason " + line);
            }
            for (var line = 1; line <= 40; line++) {
                System.out.println("[25.987s][warning][aot] Skipping jdk/proxy1/$Proxy21: Unsupported location");
            }
            System.exit(3);
        }
    }

    /// Does not answer, and ignores a polite request to stop.
    static final class Stubborn {
        public static void main(String[] args) {
            System.out.println("still thinking");
            waitForever();
        }

        static void waitForever() {
            synchronized (Stubborn.class) {
                while (true) {
                    try {
                        Stubborn.class.wait();
                    } catch (InterruptedException e) {
                        System.out.println("no");
                    }
                }
            }
        }
    }

    /// Serves, and cannot be stopped politely.
    static final class Unstoppable {
        public static void main(String[] args) throws IOException {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(Stubborn::waitForever));
            Service.main(args);
        }
    }

    private Path jar(Class<?> main) throws IOException {
        return jar(main, "", "");
    }

    /// Stored, so that another text of the same length changes nothing else.
    private Path jar(Class<?> main, String text, String instead) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        var jar = folder.resolve("app.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (var type : List.of(Service.class, Broken.class, Stubborn.class, Unstoppable.class)) {
                var name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (var in = type.getClassLoader().getResourceAsStream(name)) {
                    assertThat(in).isNotNull();
                    var bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).replace(text, instead);
                    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        return jar;
    }

    @Test
    void a_service_that_ran_has_a_cache_that_its_jvm_accepts() throws Exception {
        var jar = jar(Service.class);

        var cache = new AotTraining(jar, LONG).run(POSTGRES);

        assertThat(cache).hasParent(folder).isNotEmptyFile();
        assertThat(cache.getFileName().toString()).matches("app-[0-9a-f]{16}\\.aot");
        assertThat(folder.resolve("aot-training.log"))
                .content()
                .contains("--service.environment=development", "--postgres.url=" + POSTGRES.get("url"))
                .contains("asked for /health/ready", "asked for /v1/", "asked for /metrics")
                .contains("asked for /v1/things with a token\n")
                .contains("asked for /v1/things/01980000-0000-7000-8000-000000000000 with a token")
                .doesNotContain("/v1/searches", "/v1/changes", "/v1/imports", "asked by POST");
        var next = java("-XX:AOTMode=on", "-XX:AOTCache=" + cache, "-jar", jar.toString());
        assertThat(next.output()).isEqualToIgnoringNewLines("started with []");
        assertThat(next.exitCode()).isZero();
    }

    @Test
    void what_the_project_offers_to_try_is_sent_with_and_without_a_key() throws Exception {
        var target = Files.createDirectories(folder.resolve("target"));
        var jar = Files.move(jar(Service.class), target.resolve("app.jar"));
        Files.writeString(Files.createDirectories(folder.resolve("api")).resolve("requests.http"), """
                @host = http://localhost:8080

                ### Creates a thing
                POST {{host}}/v1/things
                Authorization: Bearer {{token}}
                Content-Type: application/json
                Idempotency-Key: try-1

                {"code": "T-1", "size": 1}

                ### Changes it
                PUT {{host}}/v1/things/{{id}}
                Authorization: Bearer {{token}}
                If-Match: "1"

                {"size": 2}
                """);

        new AotTraining(jar, LONG).run(POSTGRES);

        assertThat(target.resolve("aot-training.log"))
                .content()
                .contains("asked by POST for /v1/things with a token and a key{\"code\": \"T-0\", \"size\": 1}")
                .contains("asked by POST for /v1/things with a token{\"code\": \"T-1\", \"size\": 1}")
                .contains("asked by PUT for /v1/things/made with a token and a version{\"size\": 2}");
    }

    /// The JVM alone does not see it (JDK-8377932): this jar differs in letters, not in size or time.
    @Test
    void changed_code_runs_although_there_is_a_cache_of_the_old() throws Exception {
        var project = folder.resolve("tél ✓");
        var target = project.resolve("target");
        Files.createDirectories(target.resolve("lib"));
        var jar = Files.copy(jar(Service.class), target.resolve("app.jar"));
        Files.createDirectories(project.resolve("src/main"));
        Files.writeString(project.resolve("pom.xml"), "<slipway.main>" + Service.class.getName() + "</slipway.main>");
        Files.writeString(target.resolve(".built"), "");
        var run = Files.copy(Path.of("..", "..", "templates", "parts", "run"), project.resolve("run"));
        var cache = new AotTraining(jar, LONG).run(POSTGRES);

        assertThat(run(run, "-Dof=nothing")).isEqualTo(new Ended(0, "started with []\n"));
        assertThat(run(run, "-Xlog:class+load").output())
                .contains("AotTrainingTest$Service source: shared objects file");
        var time = Files.getLastModifiedTime(jar);
        jar(Service.class, "started with", "changed with");
        Files.copy(folder.resolve("app.jar"), jar, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(jar, time);

        assertThat(cache).isNotEmptyFile();
        assertThat(run(run, "-Dof=nothing")).isEqualTo(new Ended(0, "changed with []\n"));
    }

    /// By an environment as poor as that of a service manager: no home, no locale.
    private static Ended run(Path script, String option) throws Exception {
        var builder = new ProcessBuilder(script.toString()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("HOME", "LANG", "LC_ALL", "LC_CTYPE"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JDK_JAVA_OPTIONS", option);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output.replaceFirst("NOTE: Picked up JDK_JAVA_OPTIONS.*\\n", ""));
    }

    @Test
    void a_service_that_ends_too_early_is_shown_with_its_last_words() throws Exception {
        var training = new AotTraining(jar(Broken.class), LONG);
        Files.writeString(folder.resolve("app.aot"), "of the last build");

        assertThatThrownBy(() -> training.run(POSTGRES))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("app.jar: the service ended with exit code 3 before it was ready")
                .message()
                .hasLineCount(31)
                .contains("  reason 21\n")
                .endsWith("  reason 50");
        assertThat(folder.resolve("app.aot")).doesNotExist();
    }

    @Test
    void a_service_that_does_not_get_ready_is_ended() throws Exception {
        var training = new AotTraining(jar(Stubborn.class), SHORT);

        assertThatThrownBy(() -> training.run(POSTGRES))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("the service was not ready within 0 s");
    }

    @Test
    void a_service_that_does_not_stop_is_ended() throws Exception {
        var training = new AotTraining(jar(Unstoppable.class), Duration.ofSeconds(5));

        assertThatThrownBy(() -> training.run(POSTGRES))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("the service did not stop");
    }

    @Test
    void a_build_step_that_fails_says_why_and_exits_with_1() throws Exception {
        var jar = jar(Broken.class);

        var step = java("-cp", System.getProperty("java.class.path"), AotTraining.class.getName(), jar.toString());

        assertThat(step.output())
                .contains("No AOT cache for app.jar")
                .contains("reason 50")
                .doesNotContain("\tat ");
        assertThat(step.exitCode()).isEqualTo(1);
    }

    private record Ended(int exitCode, String output) {}

    private static Ended java(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(arguments));
        command.addFirst(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
