package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.SettingsException;
import dev.slipway.core.StartException;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testkit.MovableClock;
import dev.slipway.testkit.VirtualTime;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestServiceTest {
    private static final Instant START = Instant.parse("2031-03-01T12:00:00Z");
    private static final MovableClock CLOCK = MovableClock.at(START);

    @RegisterExtension
    static final TestService service = TestService.of(new NoteApp()).with(CLOCK).with("http.max-body-size", "60B");

    @Test
    void a_client_is_who_the_test_says() {
        service.as("ada", "writer", "reader")
                .get("/v1/whoami")
                .expect(200)
                .expectText("/subject", "ada")
                .expectText("/roles/0", "reader")
                .expectText("/roles/1", "writer")
                .expectText("/roles/2", "");
    }

    @Test
    void a_client_without_the_role_is_forbidden_and_one_without_a_token_is_unknown() {
        var body = "{\"name\": \"a\", \"text\": \"b\"}";

        service.as("ada", "writer").post("/v1/notes", body).expect(201);
        service.as("rex", "reader").post("/v1/notes", body).expectProblem(403, "forbidden");
        service.anonymous().post("/v1/notes", body).expectProblem(401, "token-required");
        service.client("not.a.token").post("/v1/notes", body).expectProblem(401, "invalid-token");
    }

    @Test
    void a_client_may_hold_any_claims() {
        var claims = new LinkedHashMap<String, Object>(Map.of("iss", "slipway-development", "sub", "ada"));
        claims.put("aud", List.of("slipway", "another"));
        claims.put("exp", CLOCK.instant().plusSeconds(60).getEpochSecond());
        service.client(DevelopmentTokens.token(claims)).get("/v1/whoami").expect(200);

        claims.put("aud", "another");
        service.client(DevelopmentTokens.token(claims)).get("/v1/whoami").expectProblem(401, "invalid-token");
    }

    @Test
    void the_service_and_its_tokens_go_by_the_clock_of_the_test() {
        var early = service.as("ada");
        early.get("/v1/whoami").expect(200).expectText("/at", CLOCK.instant().toString());

        CLOCK.pass(Duration.ofHours(2));

        early.get("/v1/whoami").expectProblem(401, "invalid-token");
        service.as("ada")
                .get("/v1/whoami")
                .expect(200)
                .expectText("/at", CLOCK.instant().toString());
    }

    @Test
    void a_service_may_go_by_a_time_that_the_test_lets_pass() {
        var time = new VirtualTime();
        try (var still = TestService.of(new NoteApp()).with(time).start()) {
            time.pass(Duration.ofDays(1));

            still.as("ada")
                    .get("/v1/whoami")
                    .expect(200)
                    .expectText("/at", time.clock().instant().toString());
        }
    }

    @Test
    void a_setting_of_the_test_holds() {
        service.as("ada", "writer")
                .post("/v1/notes", "{\"name\": \"" + "a".repeat(60) + "\", \"text\": \"b\"}")
                .expectProblem(413, "body-too-large");
    }

    @Test
    void every_method_reaches_the_service() {
        var ada = service.as("ada", "writer");

        assertThat(ada.put("/v1/notes", "{}")
                        .expectProblem(405, "method-not-allowed")
                        .header("Allow"))
                .isEqualTo("GET, HEAD, POST");
        ada.patch("/v1/notes", "{}").expect(405);
        ada.delete("/v1/notes").expect(405);
    }

    @Test
    void a_header_is_added_to_a_copy_of_the_client() {
        var ada = service.as("ada");

        ada.with("X-Request-Id", "mine").get("/v1/whoami").expectHeader("X-Request-Id", "mine");
        assertThat(ada.get("/v1/whoami").header("X-Request-Id")).isNotEmpty().isNotEqualTo("mine");
    }

    @Test
    void management_has_an_address_of_its_own() {
        service.management().get("/health/ready").expect(200).expectText("/dependencies/postgres/status", "up");

        assertThat(service.address("management")).isNotEqualTo(service.address("http"));
    }

    @Nested
    class NestedTest {
        @Test
        void a_nested_class_shares_the_service() {
            service.as("ada").get("/v1/whoami").expect(200);
        }
    }

    @Test
    void what_is_set_after_the_start_is_refused() {
        assertThatThrownBy(() -> service.with("http.port", "1")).hasMessageContaining("started already");
        assertThatThrownBy(() -> service.with(Clock.systemUTC())).hasMessageContaining("started already");
        assertThatThrownBy(service::start).hasMessageContaining("started already");
    }

    @Test
    void a_service_that_was_not_started_says_how_that_comes() {
        var idle = TestService.of(new NoteApp());

        assertThatThrownBy(() -> idle.as("ada")).hasMessageContaining("is the extension's field static?");
        assertThatThrownBy(() -> idle.address("http")).hasMessageContaining("has not been started");
        idle.close();
    }

    @Test
    void a_stopped_service_answers_nobody_and_can_be_started_again_with_an_empty_database() {
        var restarted = TestService.of(new NoteApp());
        URI before;
        try (restarted) {
            restarted.start();
            before = restarted.address("http");
            restarted
                    .as("ada", "writer")
                    .post("/v1/notes", "{\"name\": \"a\", \"text\": \"b\"}")
                    .expect(201);
            restarted.as("ada").get("/v1/notes").expectText("/items/0/name", "a");
        }
        assertThatThrownBy(() -> restarted.as("ada")).isInstanceOf(IllegalStateException.class);
        try (var http = java.net.http.HttpClient.newHttpClient()) {
            var orphan = new TestClient(http, before, List.of());
            assertThatThrownBy(() -> orphan.get("/v1/notes")).isInstanceOf(UncheckedIOException.class);
        }

        try (restarted) {
            restarted.start().as("ada").get("/v1/notes").expect(200).expectText("/items/0/name", "");
        }
    }

    @Test
    void a_service_that_cannot_start_leaves_nothing_behind() {
        var taken = TestService.of(new NoteApp())
                .with("http.port", String.valueOf(service.address("http").getPort()));
        assertThatThrownBy(taken::start).isInstanceOf(StartException.class).hasMessageContaining("http.port");
        assertThatThrownBy(taken::management).isInstanceOf(IllegalStateException.class);

        var wrong = TestService.of(new NoteApp()).with("http.prot", "1");
        assertThatThrownBy(wrong::start).isInstanceOf(SettingsException.class).hasMessageContaining("http.prot");
    }

    @Test
    void a_test_that_is_interrupted_during_the_start_stops_the_service() {
        var unwanted = TestService.of(new NoteApp());
        Thread.currentThread().interrupt();

        assertThatThrownBy(unwanted::start).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(unwanted::management).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_request_that_is_interrupted_says_so() {
        var ada = service.as("ada");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> ada.get("/v1/whoami")).hasMessage("GET /v1/whoami was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
