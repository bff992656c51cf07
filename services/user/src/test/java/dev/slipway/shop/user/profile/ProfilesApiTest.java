package dev.slipway.shop.user.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The API as clients see it, on a real database.
class ProfilesApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    private TestClient admin;
    private TestClient support;

    @BeforeEach
    void clients() {
        admin = service.as("ada", "admin");
        support = service.as("sue", "support");
    }

    @Test
    void a_created_profile_can_be_read_where_the_answer_says() {
        var email = email();

        var created = create(email)
                .expectText("/email", email)
                .expectText("/locale", "en")
                .expectText("/status", "active")
                .expectText("/version", "1");

        var read = support.get(created.header("Location")).expect(200).expectHeader("ETag", "\"1\"");
        assertThat(read.json()).isEqualTo(created.json());
    }

    @Test
    void an_address_is_taken_once_however_it_is_written() {
        var email = email();
        create(email);

        admin.post("/v1/users", input(email.toUpperCase(Locale.ROOT), "Twin")).expectProblem(409, "email-taken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"displayName": "A"}                                          | email       | not-null
                    {"displayName": "A", "email": "nobody"}                       | email       | email
                    {"displayName": "A", "email": "a@localhost"}                  | email       | email-domain
                    {"displayName": " ", "email": "a@example.com"}                | displayName | not-blank
                    {"displayName": "A", "email": "a@example.com", "locale": "x"} | locale      | pattern
                    {"displayName": "A", "email": "a@example.com", "status": "x"} | status      | format
                    {"displayName": "A", "email": "a@example.com", "version": 9}  | version     | unknown
                    """)
    void wrong_input_is_refused_with_the_field_that_is_wrong(String body, String field, String code) {
        var problem = admin.post("/v1/users", body).expectProblem(400, "invalid-input");

        assertThat(problem.json().at("/errors"))
                .as(problem.toString())
                .anyMatch(error -> error.get("field").asText().equals(field)
                        && error.get("code").asText().equals(code));
    }

    @Test
    void a_repeated_request_with_its_key_creates_one_user() {
        var client = admin.with("Idempotency-Key", UUID.randomUUID().toString());
        var body = input(email(), "Once");

        var first = client.post("/v1/users", body).expect(201);
        var second = client.post("/v1/users", body).expect(201);

        assertThat(second.body()).isEqualTo(first.body());
        client.post("/v1/users", input(email(), "Other")).expectProblem(422, "idempotency-mismatch");
    }

    @Test
    void a_change_needs_the_version_that_the_client_has_seen() {
        var path = create(email()).header("Location");
        var change = input(email(), "Changed");

        admin.put(path, change).expectProblem(428, "version-required");
        admin.with("If-Match", "\"1\"").put(path, change).expect(200).expectHeader("ETag", "\"2\"");
        admin.with("If-Match", "\"1\"").put(path, change).expectProblem(412, "stale-version");
        admin.with("If-Match", "*").put(path, change).expect(200).expectText("/version", "3");
    }

    @Test
    void a_change_to_a_taken_address_is_refused() {
        var taken = email();
        create(taken);
        var path = create(email()).header("Location");

        admin.with("If-Match", "*").put(path, input(taken, "Thief")).expectProblem(409, "email-taken");
    }

    @Test
    void a_deleted_user_is_gone() {
        var path = create(email()).header("Location");

        admin.with("If-Match", "\"7\"").delete(path).expectProblem(412, "stale-version");
        admin.with("If-Match", "\"1\"").delete(path).expect(204);
        support.get(path).expectProblem(404, "not-found");
        admin.with("If-Match", "*").delete(path).expectProblem(404, "not-found");
        admin.with("If-Match", "*").put(path, input(email(), "Late")).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"displayName", "-displayName", "created", "-created"})
    void pages_follow_each_other_in_every_order(String sort) {
        var family = UUID.randomUUID().toString();
        for (var i = 0; i < 5; i++) {
            admin.post("/v1/users", input(email(), family + "-" + i)).expect(201);
        }

        var seen = new StringBuilder();
        var cursor = "";
        do {
            var page = support.get("/v1/users?limit=2&search=" + family + "&sort=" + sort + cursor)
                    .expect(200);
            page.json()
                    .at("/items")
                    .forEach(
                            item -> seen.append(item.get("displayName").asText().substring(family.length() + 1)));
            var next = page.text("/next");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());

        assertThat(seen.toString()).isEqualTo(sort.startsWith("-") ? "43210" : "01234");
    }

    @Test
    void users_are_found_by_address_and_status() {
        var email = email();
        create(email);

        support.get("/v1/users?email=" + email).expect(200).expectText("/items/0/email", email);
        assertThat(support.get("/v1/users?status=suspended&email=" + email)
                        .expect(200)
                        .json()
                        .at("/items"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=email", "limit=0", "limit=101", "status=gone", "cursor=bm9wZQ", "mail=x"})
    void a_wrong_query_is_refused(String query) {
        support.get("/v1/users?" + query).expectProblem(400, "invalid-input");
    }

    @Test
    void people_read_their_own_profile_and_nobody_elses() {
        var own = create(email());
        var other = create(email());
        var owner = service.as(own.text("/id"));

        owner.get(own.header("Location")).expect(200);
        owner.get(other.header("Location")).expectProblem(403, "forbidden");
        owner.get("/v1/users").expectProblem(403, "forbidden");
        service.anonymous().get(own.header("Location")).expectProblem(401, "token-required");
    }

    @Test
    void only_admins_write() {
        var path = create(email()).header("Location");
        var body = input(email(), "Intruder");

        for (var caller : new TestClient[] {service.anonymous(), support}) {
            var status = caller == support ? 403 : 401;
            caller.post("/v1/users", body).expect(status);
            caller.with("If-Match", "*").put(path, body).expect(status);
            caller.with("If-Match", "*").delete(path).expect(status);
        }
    }

    private TestReply create(String email) {
        return admin.post("/v1/users", input(email, "Test User")).expect(201);
    }

    private static String input(String email, String displayName) {
        return "{\"email\": \"%s\", \"displayName\": \"%s\"}".formatted(email, displayName);
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }
}
