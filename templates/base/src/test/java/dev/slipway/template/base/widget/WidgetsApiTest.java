package dev.slipway.template.base.widget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The API as clients see it, on a real database.
class WidgetsApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    private TestClient admin;
    private TestClient reader;

    @BeforeEach
    void clients() {
        admin = service.as("ada", "admin");
        reader = service.as("rex");
    }

    @Test
    void a_created_widget_can_be_read_where_the_answer_says() {
        var name = unique("created");

        var created = create(name).expectText("/name", name).expectText("/version", "1");

        var read = reader.get(created.header("Location")).expect(200).expectHeader("ETag", "\"1\"");
        assertThat(read.json()).isEqualTo(created.json());
    }

    @Test
    void a_name_is_taken_once() {
        var name = unique("twice");
        create(name);

        admin.post("/v1/widgets", input(name)).expectProblem(409, "name-taken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                  | name  | not-blank
                    {"name": " "}                       | name  | not-blank
                    {"name": "a", "color": "red"}       | color | unknown
                    {"name": 5}                         | name  | format
                    """)
    void wrong_input_is_refused_with_the_field_that_is_wrong(String body, String field, String code) {
        admin.post("/v1/widgets", body)
                .expectProblem(400, "invalid-input")
                .expectText("/errors/0/field", field)
                .expectText("/errors/0/code", code);
    }

    @Test
    void a_repeated_request_with_its_key_creates_one_widget() {
        var client = admin.with("Idempotency-Key", UUID.randomUUID().toString());
        var body = input(unique("once"));

        var first = client.post("/v1/widgets", body).expect(201);
        var second = client.post("/v1/widgets", body).expect(201);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        client.post("/v1/widgets", input(unique("other"))).expectProblem(422, "idempotency-mismatch");
    }

    @Test
    void a_change_needs_the_version_that_the_client_has_seen() {
        var path = create(unique("before")).header("Location");
        var name = unique("after");

        admin.put(path, input(name)).expectProblem(428, "version-required");
        admin.with("If-Match", "\"1\"").put(path, input(name)).expect(200).expectHeader("ETag", "\"2\"");
        admin.with("If-Match", "\"1\"").put(path, input(name)).expectProblem(412, "stale-version");
        admin.with("If-Match", "*").put(path, input(name)).expect(200).expectText("/version", "3");
    }

    @Test
    void a_change_to_a_taken_name_is_refused() {
        var taken = unique("taken");
        create(taken);
        var path = create(unique("free")).header("Location");

        admin.with("If-Match", "*").put(path, input(taken)).expectProblem(409, "name-taken");
    }

    @Test
    void a_deleted_widget_is_gone() {
        var path = create(unique("doomed")).header("Location");

        admin.with("If-Match", "\"7\"").delete(path).expectProblem(412, "stale-version");
        admin.with("If-Match", "\"1\"").delete(path).expect(204);
        reader.get(path).expectProblem(404, "not-found");
        admin.with("If-Match", "\"1\"").delete(path).expectProblem(404, "not-found");
        admin.with("If-Match", "*").put(path, input(unique("late"))).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "not-a-uuid", "1-1-1-1-1"})
    void what_does_not_exist_is_not_found(String id) {
        reader.get("/v1/widgets/" + id).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "created", "-created"})
    void pages_follow_each_other_in_every_order(String sort) {
        var family = unique("page");
        for (var i = 0; i < 5; i++) {
            create(family + "-" + i);
        }

        var seen = new StringBuilder();
        var cursor = "";
        do {
            var page = reader.get("/v1/widgets?limit=2&search=" + family + "&sort=" + sort + cursor)
                    .expect(200);
            page.json()
                    .at("/items")
                    .forEach(item -> seen.append(item.get("name").asText().substring(family.length() + 1)));
            var next = page.text("/next");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());

        assertThat(seen.toString()).isEqualTo(sort.startsWith("-") ? "43210" : "01234");
    }

    @Test
    void a_search_takes_its_text_literally() {
        create(unique("100%"));

        var found = reader.get("/v1/widgets?search=0%25&limit=100")
                .expect(200)
                .json()
                .at("/items");
        assertThat(found)
                .isNotEmpty()
                .allMatch(item -> item.get("name").asText().contains("0%"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=color", "limit=0", "limit=101", "limit=many", "cursor=bm9wZQ", "colour=red"})
    void a_wrong_query_is_refused(String query) {
        reader.get("/v1/widgets?" + query).expectProblem(400, "invalid-input");
    }

    @Test
    void only_admins_write_and_only_known_callers_read() {
        var path = create(unique("guarded")).header("Location");
        var body = input(unique("intruder"));

        service.anonymous().get(path).expectProblem(401, "token-required");
        service.anonymous().get("/v1/widgets").expectProblem(401, "token-required");
        for (var caller : new TestClient[] {service.anonymous(), reader}) {
            var status = caller == reader ? 403 : 401;
            caller.post("/v1/widgets", body).expect(status);
            caller.with("If-Match", "*").put(path, body).expect(status);
            caller.with("If-Match", "*").delete(path).expect(status);
        }
        service.client("no.token.atall").get(path).expectProblem(401, "invalid-token");
    }

    private TestReply create(String name) {
        return admin.post("/v1/widgets", input(name)).expect(201);
    }

    private static String input(String name) {
        return "{\"name\": \"%s\", \"description\": \"for a test\"}".formatted(name);
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }
}
