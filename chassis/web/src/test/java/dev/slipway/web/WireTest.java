package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.testkit.Await;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compression, request ids, traces, access log and metrics.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTest {
    @AutoClose
    private final Api api = Api.shop();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gzip | true
                    GZIP, br | true
                    br;q=1.0, gzip;q=0.5 | true
                    * | true
                    gzip;q=0 | false
                    gzip;q=0.5, identity | false
                    gzip; q=0.000 | false
                    *, gzip;q=0 | false
                    identity | false
                    br | false
                    '' | false
                    """)
    void a_large_answer_is_compressed_for_who_takes_it(String accepted, boolean compressed) throws Exception {
        var response = api.client.send(
                api.request("/v1/large/5000")
                        .header("Accept-Encoding", accepted)
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(response.headers().allValues("Vary")).containsExactly("Accept, Accept-Encoding");
        assertThat(response.headers().firstValue("ETag")).contains(compressed ? "\"3-gzip\"" : "\"3\"");
        assertThat(response.headers().firstValue("Content-Encoding").isPresent())
                .isEqualTo(compressed);
        var body = response.body();
        if (compressed) {
            assertThat(body).hasSizeLessThan(500);
            try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = in.readAllBytes();
            }
        }
        assertThat(new String(body, StandardCharsets.UTF_8)).contains("x".repeat(5000));
    }

    @Test
    void a_small_answer_is_not_compressed() throws Exception {
        var response = api.get("/v1/ping", "Accept-Encoding", "gzip");
        assertThat(response.headers().map()).doesNotContainKey("content-encoding");
        assertThat(response.headers().allValues("Vary")).containsExactly("Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0198f1d2-0000-7000-8000-000000000001", "A.b_c-9"})
    void a_sound_request_id_is_taken_over(String id) throws Exception {
        assertThat(api.get("/v1/ping", "X-Request-Id", id).headers().firstValue("X-Request-Id"))
                .contains(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a%0d%0aSet-Cookie:x", "<script>", "\u00e4", "x\u00e4", "\"quoted\""})
    void an_unsound_request_id_is_replaced(String id) throws Exception {
        var answer =
                api.raw("GET /v1/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: " + id + "\r\n\r\n");
        assertThat(answer).containsPattern("X-Request-Id: [0-9a-f]{16}\r\n");
    }

    @Test
    void too_long_a_request_id_is_replaced() throws Exception {
        assertThat(api.get("/v1/ping", "X-Request-Id", "x".repeat(65))
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow())
                .hasSize(16);
    }

    @Test
    void each_request_is_one_line_of_the_access_log_without_its_query() throws Exception {
        try (var one = Api.shop()) {
            one.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer ann", "X-Request-Id", "log-1");
            one.get("/v1/orders?limit=0&cursor=secret");
            one.get("/nowhere/at%20all");
            one.send(one.request("/v1/ping").HEAD());
            Await.until("the lines of four requests", () -> one.logged("access").size() == 4);
            var read = fields(one, 0);
            assertThat(read.remove("ms")).isInstanceOf(Double.class);
            assertThat(read)
                    .isEqualTo(Map.of(
                            "method",
                            "GET",
                            "path",
                            "/v1/orders/" + Shop.KNOWN,
                            "route",
                            "/v1/orders/{id}",
                            "status",
                            200,
                            "bytes",
                            148L,
                            "caller",
                            "ann"));
            assertThat(fields(one, 1)).containsEntry("path", "/v1/orders").containsEntry("status", 400);
            assertThat(fields(one, 2))
                    .containsEntry("path", "/nowhere/at%20all")
                    .containsEntry("route", "no route");
            assertThat(fields(one, 3)).containsEntry("method", "HEAD").containsEntry("status", 200);
        }
    }

    private static Map<String, Object> fields(Api api, int line) {
        var fields = new HashMap<String, Object>();
        api.logged("access").get(line).getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
        return fields;
    }

    @Test
    void all_series_of_a_route_are_there_at_0_before_the_first_request() throws Exception {
        try (var one = Api.shop()) {
            var statuses = one.meters
                    .find("http.server.requests")
                    .tags("method", "POST", "path", "/v1/orders")
                    .timers();

            assertThat(statuses)
                    .extracting(timer -> timer.getId().getTag("status"))
                    .contains(
                            "201", "400", "401", "406", "408", "409", "413", "415", "422", "429", "500", "503", "504");
            assertThat(statuses).allSatisfy(timer -> assertThat(timer.count()).isZero());
        }
    }

    @Test
    void requests_are_counted_by_route_and_status() throws Exception {
        try (var one = Api.shop()) {
            one.get("/v1/ping");
            one.get("/v1/ping");
            one.get("/v1/orders/" + Shop.KNOWN);
            one.get("/nowhere/1");
            one.get("/nowhere/2");
            Await.until("the lines of five requests", () -> one.logged("access").size() == 5);
            assertThat(timer(one, "/v1/ping", 200).count()).isEqualTo(2);
            assertThat(timer(one, "/v1/orders/{id}", 401).count()).isEqualTo(1);
            assertThat(timer(one, "no route", 404).count()).isEqualTo(2);
            assertThat(timer(one, "/v1/ping", 200).totalTime(java.util.concurrent.TimeUnit.NANOSECONDS))
                    .isPositive();
        }
    }

    private static Timer timer(Api api, String path, int status) {
        return api.meters
                .get("http.server.requests")
                .tags("method", path.equals("no route") ? "ANY" : "GET", "path", path, "status", String.valueOf(status))
                .timer();
    }

    @Test
    void a_handler_knows_its_call() throws Exception {
        var seen = new java.util.concurrent.atomic.AtomicReference<dev.slipway.core.CallContext>();
        var route = Route.get(
                "/who",
                Operation.named("who", "Tells who calls.")
                        .policy(dev.slipway.security.Policy.authenticated())
                        .read(call -> {
                            seen.set(dev.slipway.core.CallContext.current().orElseThrow());
                            return Outcome.done();
                        }));
        try (var one = new Api(rest -> rest.routes(route))) {
            one.get(
                    "/v1/who",
                    "Authorization",
                    "Bearer ann",
                    "X-Request-Id",
                    "r1",
                    "X-Correlation-Id",
                    "c1",
                    "traceparent",
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }
        assertThat(seen.get().service()).isEqualTo("shop");
        assertThat(seen.get().operation()).isEqualTo("who");
        assertThat(seen.get().requestId()).isEqualTo("r1");
        assertThat(seen.get().correlationId()).isEqualTo("c1");
        assertThat(seen.get().caller().id()).isEqualTo("ann");
        assertThat(seen.get().trace().traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(seen.get().deadline()).isPresent();
    }
}
