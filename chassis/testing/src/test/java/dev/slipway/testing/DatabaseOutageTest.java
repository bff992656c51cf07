package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.notes.NoteApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A database that is away is said to clients and to the platform, and used again when it is back.
class DatabaseOutageTest {
    private static final String NOTE = "{\"name\": \"a\", \"text\": \"b\"}";

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    private TestService service(Proxy proxy) {
        return database.useIn(TestService.of(new NoteApp()), database.urlVia(proxy.port()))
                .with("postgres.connect-timeout", "300ms");
    }

    @Test
    void a_service_outlives_an_outage_of_its_database() throws Exception {
        try (var proxy = new Proxy(database.port(), true);
                var service = service(proxy).start()) {
            var ada = service.as("ada", "writer");
            Await.until(
                    "the pool has a connection",
                    () -> ada.with("Idempotency-Key", "1")
                                    .post("/v1/notes", NOTE)
                                    .status()
                            == 201);

            proxy.goAway();

            for (var i = 0; i < 3; i++) {
                expectUnavailable(ada.get("/v1/notes"));
                expectUnavailable(ada.with("Idempotency-Key", "1").post("/v1/notes", NOTE));
                ada.get("/v1/whoami").expect(200);
            }
            service.management()
                    .get("/health/ready")
                    .expect(503)
                    .expectText("/status", "down")
                    .expectText("/dependencies/postgres/status", "down");
            service.management().get("/health/live").expect(200);
            service.management().get("/health/started").expect(200);

            proxy.comeBack();

            Await.until("requests are served again", () -> ada.get("/v1/notes").status() == 200);
            ada.get("/v1/notes").expectText("/items/0/name", "a").expectText("/items/1/name", "");
            ada.with("Idempotency-Key", "1").post("/v1/notes", NOTE).expect(201);
            ada.get("/v1/notes").expectText("/items/1/name", "");
            service.management().get("/health/ready").expect(200).expectText("/dependencies/postgres/status", "up");
        }
    }

    @Test
    void a_service_waits_for_a_database_that_is_down_at_its_start() throws Exception {
        try (var proxy = new Proxy(database.port(), false);
                var service = service(proxy).launch()) {
            service.management().get("/health/ready").expect(503).expectText("/dependencies/postgres/status", "down");
            service.management().get("/health/started").expect(503);
            service.management().get("/health/live").expect(200);

            proxy.comeBack();

            Await.until(
                    "it is ready",
                    () -> service.management().get("/health/ready").status() == 200);
            service.management().get("/health/started").expect(200);
            service.as("ada", "writer").post("/v1/notes", NOTE).expect(201);
        }
    }

    private static void expectUnavailable(TestReply reply) {
        reply.expectProblem(503, "database-unavailable");
        assertThat(reply.header("Retry-After")).as("%s", reply).matches("[1-9][0-9]*");
    }
}
