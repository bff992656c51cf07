package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.local.DevelopmentTokens;
import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets and personal data are planted as canaries; none may show up in what a process writes.
class SecretsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Pattern HTTP = Pattern.compile("http (http://localhost:\\d+)");

    private final TestDatabase database = new TestDatabase();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        database.close();
    }

    /// A service in a process of its own, and everything that it has written.
    private record Child(Process process, Path log) implements AutoCloseable {
        String output() throws IOException {
            return Files.readString(log);
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Child service(Map<String, String> environment, String... arguments) throws IOException {
        var settings =
                new ArrayList<>(List.of("--service.environment=test", "--service.management-port=0", "--http.port=0"));
        settings.addAll(List.of(arguments));
        var log = folder.resolve("log");
        var builder = JavaProcess.of(List.of(), NoteApp.class, settings)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new Child(builder.start(), log);
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "debug", "trace"})
    void a_running_service_writes_no_secret(String level) throws Exception {
        var token = DevelopmentTokens.token(
                "ada", List.of("writer"), Clock.systemUTC().instant());
        var canaries = new ArrayList<>(List.of(
                database.setting("password"),
                token,
                token.substring(token.lastIndexOf('.') + 1),
                "canary-of-a-broken-token"));
        if (!level.equals("trace")) {
            // The driver traces the values of parameters.
            canaries.addAll(List.of("canary-in-a-query", "canary-in-a-body", "canary-key"));
        }
        try (var child = service(
                        Map.of("NOTE_SERVICE_POSTGRES_PASSWORD", database.setting("password")),
                        "--telemetry.level=" + level,
                        "--postgres.url=" + database.setting("url"),
                        "--postgres.user=" + database.setting("user"));
                var http = HttpClient.newHttpClient()) {
            Await.until("it is ready", LONG, () -> HTTP.matcher(child.output()).find());
            var address = HTTP.matcher(child.output())
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(1);
            var ada = new TestClient(http, URI.create(address), List.of("Authorization", "Bearer " + token));
            var stranger = new TestClient(
                    http, URI.create(address), List.of("Authorization", "Bearer canary-of-a-broken-token"));

            ada.get("/v1/notes?name=canary-in-a-query").expect(200);
            ada.get("/v1/notes?mail=canary-in-a-query").expect(400);
            ada.get("/v1/nowhere?name=canary-in-a-query").expect(404);
            stranger.get("/v1/notes?name=canary-in-a-query").expect(401);
            var body = "{\"name\": \"canary-in-a-body\", \"text\": \"b\"}";
            ada.with("Idempotency-Key", "canary-key").post("/v1/notes", body).expect(201);
            ada.post("/v1/notes", "{\"name\": canary-in-a-body}").expect(400);
            ada.post("/v1/notes", "{\"name\": \"canary-in-a-body\"}").expect(400);

            Await.until("all is logged", LONG, () -> child.output().contains("/v1/nowhere"));
            child.process().destroy();
            assertThat(child.process().waitFor()).isEqualTo(143);
            assertThat(child.output()).contains("note-service has stopped").doesNotContain(canaries);
        }
    }

    @Test
    void wrong_settings_are_all_reported_without_a_secret() throws Exception {
        try (var child = service(
                Map.of(
                        "NOTE_SERVICE_POSTGRES_PASSWORD", "canary-1",
                        "NOTE_SERVICE_POSTGRES_PASSWORT", "canary-2"),
                "--postgres.url=postgres://user:canary-3@localhost/notes",
                "--postgres.passwrd=canary-4",
                "--http.port=many")) {
            assertThat(child.process().waitFor()).isEqualTo(2);
            assertThat(child.output())
                    .contains("http.port", "postgres.passwrd", "NOTE_SERVICE_POSTGRES_PASSWORT", "postgres.url")
                    .doesNotContain("canary");
        }
    }

    @Test
    void a_database_that_refuses_the_service_is_reported_without_a_secret() throws Exception {
        try (var child = service(
                Map.of(),
                "--telemetry.level=debug",
                "--postgres.url=" + database.setting("url") + "?password=canary-1&user=nobody",
                "--postgres.password=canary-2")) {
            Await.until("it says that it waits", LONG, () -> child.output().contains("waits for PostgreSQL"));
            child.process().destroy();
            assertThat(child.process().waitFor()).isEqualTo(143);
            assertThat(child.output()).doesNotContain("canary");
        }
    }
}
