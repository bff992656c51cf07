package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.Failures;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainTest {
    @AutoClose
    private final Api api = Api.shop("--http.max-body-size=2KB");

    @BeforeAll
    void warmUp() throws Exception {
        assertThat(api.get("/v1/ping").statusCode()).isEqualTo(200);
    }

    @Test
    void a_success_is_json_that_nobody_stores_or_sniffs() throws Exception {
        var response = api.get("/v1/ping");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("""
                        {"id":"0198f1d2-0000-7000-8000-000000000001","customer":"Ann",\
                        "at":"2026-01-02T03:04:05Z","colour":"DARK_BLUE",\
                        "lines":[{"sku":"tea","quantity":2}]}""");
        var headers = response.headers();
        assertThat(headers.firstValue("Content-Type")).contains("application/json");
        assertThat(headers.firstValue("Cache-Control")).contains("no-store");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.firstValue("X-Request-Id")).isPresent();
        assertThat(headers.map()).doesNotContainKeys("server", "x-powered-by");
    }

    @Test
    void a_refusal_is_a_problem_document() throws Exception {
        var response = api.get("/v1/orders/0198f1d2-0000-7000-8000-000000000002", "Authorization", "Bearer ann");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Api.problem(response))
                .hasToString("{\"type\":\"urn:problem:not-found\",\"title\":\"Not found\",\"status\":404,"
                        + "\"code\":\"not-found\",\"detail\":\"There is no such order.\"}");
    }

    @Test
    void whoever_may_not_call_learns_why_and_nothing_else() throws Exception {
        var anonymous = api.get("/v1/orders/" + Shop.KNOWN);
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(Api.code(anonymous)).isEqualTo("token-required");
        assertThat(anonymous.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        var broken = api.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer bad");
        assertThat(broken.statusCode()).isEqualTo(401);
        assertThat(Api.code(broken)).isEqualTo("invalid-token");
        var known = api.write("PUT", "/v1/orders/" + Shop.KNOWN, Shop.ORDER, "Authorization", "Bearer ann");
        assertThat(known.statusCode()).isEqualTo(403);
        assertThat(Api.code(known)).isEqualTo("forbidden");
        var owner = api.send(api.request("/v1/orders/" + Shop.KNOWN)
                .header("Authorization", "Bearer " + Shop.KNOWN)
                .DELETE());
        assertThat(owner.statusCode()).isEqualTo(204);
        assertThat(owner.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1", "/v1/ping/", "/v1/pinG", "/v1/ping/more", "/v1/orders/not-a-uuid", "/v1/orders/1-1-1-1-1"
            })
    void what_cannot_exist_is_not_found(String path) throws Exception {
        var response = api.get(path, "Authorization", "Bearer ann");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Api.code(response)).isEqualTo("not-found");
    }

    @Test
    void an_unknown_path_does_not_ask_who_calls() throws Exception {
        assertThat(api.get("/nowhere", "Authorization", "Bearer bad").statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_wrong_method_is_told_the_right_ones() throws Exception {
        var response = api.write("PATCH", "/v1/orders/" + Shop.KNOWN, "{}");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, PUT");
        assertThat(Api.code(response)).isEqualTo("method-not-allowed");
        assertThat(api.write("TRACE", "/v1/ping", "").statusCode()).isEqualTo(405);
        assertThat(api.write("OPTIONS", "/v1/ping", "").headers().firstValue("Allow"))
                .contains("GET, HEAD");
    }

    @Test
    void head_answers_like_get_without_a_body() throws Exception {
        var response = api.send(api.request("/v1/ping").HEAD());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html,406",
        "application/json;q=0,406",
        "application/problem+json,406",
        "text/html;q=0.5,406",
        "*/*,200",
        "application/*,200",
        "'text/html, application/json;q=0.1',200",
        "///,406"
    })
    void the_client_must_take_json(String accept, int status) throws Exception {
        assertThat(api.get("/v1/ping", "Accept", accept).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=latin1",
                "json",
                ";"
            })
    void a_body_must_be_json(String type) throws Exception {
        var response = api.send(
                api.request("/v1/orders").header("Content-Type", type).POST(BodyPublishers.ofString(Shop.ORDER)));
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Api.code(response)).isEqualTo("json-required");
    }

    @Test
    void a_body_without_a_type_is_refused_and_kinds_of_json_are_taken() throws Exception {
        var without = api.send(api.request("/v1/orders").POST(BodyPublishers.ofString(Shop.ORDER)));
        assertThat(without.statusCode()).isEqualTo(415);
        var merge = api.send(api.request("/v1/orders")
                .header("Content-Type", "application/merge-patch+json; charset=UTF-8")
                .POST(BodyPublishers.ofString(Shop.ORDER)));
        assertThat(merge.statusCode()).isEqualTo(201);
    }

    @Test
    void a_compressed_body_is_refused() throws Exception {
        var response = api.post("/v1/orders", Shop.ORDER, "Content-Encoding", "gzip");
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Api.code(response)).isEqualTo("encoding-unsupported");
    }

    @ParameterizedTest
    @ValueSource(ints = {2049, 8_000, 100_000})
    void too_large_a_body_is_refused_by_its_length(int length) throws Exception {
        var response = api.post("/v1/orders", " ".repeat(length));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Api.code(response)).isEqualTo("body-too-large");
    }

    @ParameterizedTest
    @ValueSource(ints = {2049, 8_000, 100_000})
    void too_large_a_body_is_refused_while_it_arrives_in_chunks(int length) throws Exception {
        var response = api.send(api.request("/v1/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(length)))));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Api.code(response)).isEqualTo("body-too-large");
    }

    @Test
    void a_body_of_the_largest_size_is_read() throws Exception {
        assertThat(api.post("/v1/orders", Shop.ORDER + " ".repeat(2048 - Shop.ORDER.length()))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void too_large_headers_are_refused() throws Exception {
        var response = api.get("/v1/ping", "X-Large", "x".repeat(20_000));
        assertThat(response.statusCode()).isEqualTo(431);
        assertThat(Api.code(response)).isEqualTo("headers-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runtime", "checked", "stack", "body", "header"})
    void whatever_goes_wrong_is_500_without_a_detail_and_logged_once(String kind) throws Exception {
        var before = api.logged(Failures.class.getName()).size();
        var response = api.get("/v1/fail/" + kind, "X-Request-Id", "find-me");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Api.problem(response))
                .hasToString("{\"type\":\"urn:problem:internal-error\",\"title\":\"Internal server error\","
                        + "\"status\":500,\"code\":\"internal-error\","
                        + "\"detail\":\"Something went wrong here; it has been logged.\"}");
        assertThat(response.headers().map()).doesNotContainKey("set-cookie");
        var logged = api.logged(Failures.class.getName());
        assertThat(logged).hasSize(before + 1);
        assertThat(logged.getLast().getLevel()).isEqualTo(Level.ERROR);
        assertThat(logged.getLast().getThrowableProxy()).isNotNull();
    }

    @Test
    void a_known_failure_says_what_the_client_may_know() throws Exception {
        var response = api.get("/v1/fail/known");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(Api.code(response)).isEqualTo("database-down");
        assertThat(response.body()).doesNotContain("secret");
        assertThat(api.get("/v1/fail/interrupted").statusCode()).isEqualTo(503);
    }

    @Test
    void an_unread_body_is_not_taken_for_the_next_request() throws Exception {
        var smuggled = "GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n";
        var answer = api.raw(
                "POST /v1/ping HTTP/1.1\r\nHost: x\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
        assertThat(answer)
                .startsWith("HTTP/1.1 405")
                .containsOnlyOnce("HTTP/1.1")
                .contains("Connection: close");
    }

    @Test
    void one_request_too_many_is_turned_away() throws Exception {
        var slow = new Shop.SlowOrders(1);
        try (var one = new Api(
                rest -> rest.routes(Shop.place(slow), Shop.ping()), "--http.limit.most=1", "--http.limit.least=1")) {
            var first = one.order();
            slow.awaitBegun();
            var second = one.get("/v1/ping");
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("Retry-After")).contains("1");
            assertThat(Api.code(second)).isEqualTo("overloaded");
            slow.goOn();
            assertThat(first.get().statusCode()).isEqualTo(201);
            Await.until("there is room again", () -> one.get("/v1/ping").statusCode() == 200);
        }
    }

    @Test
    void a_problem_says_whether_the_same_request_is_worth_trying_again() throws Exception {
        assertThat(retry(api.get("/v1/orders?limit=0"))).isEqualTo("never");
        assertThat(retry(api.get("/v1/orders/" + Shop.KNOWN))).isEqualTo("after-change");
        assertThat(retry(api.get("/v1/fail/known"))).isEqualTo("later");
    }

    private static String retry(HttpResponse<String> refused) throws IOException {
        return new ObjectMapper().readTree(refused.body()).get("retry").asText();
    }

    @Test
    void the_query_is_bound_and_checked() throws Exception {
        var all = api.get("/v1/orders?limit=1&colour=RED&tag=a&tag=b&open=true&since=2026-01-01T00:00:00Z");
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body())
                .contains("Filter[limit=Optional[1], cursor=Optional.empty, colour=Optional[RED], "
                        + "tag=Optional[[a, b]], open=Optional[true], since=Optional[2026-01-01T00:00:00Z]]");
        assertThat(api.get("/v1/orders?tag=one").body()).contains("tag=Optional[[one]]");
        for (var written : List.of("tag=one&", "&tag=one", "tag=one&&")) {
            assertThat(api.get("/v1/orders?" + written).body()).as(written).contains("tag=Optional[[one]]");
        }
        assertThat(Api.fields(api.get("/v1/orders?tag=one&=1"))).containsExactly(" unknown");
        assertThat(Api.fields(api.get("/v1/orders?limit=101"))).containsExactly("limit max");
        assertThat(Api.fields(api.get("/v1/orders?limit=many"))).containsExactly("limit format");
        assertThat(Api.fields(api.get("/v1/orders?limit=1&limit=2"))).containsExactly("limit format");
        assertThat(Api.fields(api.get("/v1/orders?colour=pink"))).containsExactly("colour format");
        assertThat(Api.fields(api.get("/v1/orders?size=3"))).containsExactly("size unknown");
        assertThat(Api.fields(api.get("/v1/orders?since=yesterday"))).containsExactly("since format");
        assertThat(Api.fields(api.get("/v1/ping?verbose=1"))).containsExactly("verbose unknown");
    }

    @Test
    void a_list_is_read_page_by_page() throws Exception {
        var first = api.get("/v1/orders?limit=2");
        var next = first.body().replaceAll("(?s).*\"next\":\"([^\"]*)\".*", "$1");
        assertThat(Cursor.decode(next, "customer", Shop.PARSERS)).contains(Cursor.of("customer", "Ann", Shop.KNOWN));
        assertThat(api.get("/v1/orders?limit=2&cursor=" + next).body()).contains("[Ann, " + Shop.KNOWN + "]");
        assertThat(api.get("/v1/orders?limit=3").body()).doesNotContain("\"next\"");
        for (var wrong : List.of(
                "%21%21",
                "QUJD",
                next + "QQ",
                "x".repeat(3000),
                Cursor.of("price", "Ann", Shop.KNOWN).encode())) {
            assertThat(Api.fields(api.get("/v1/orders?cursor=" + wrong))).containsExactly("cursor cursor");
        }
    }
}
