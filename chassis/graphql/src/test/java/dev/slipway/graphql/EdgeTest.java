package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.slipway.core.Problem;
import dev.slipway.operation.Failures;
import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.testkit.CapturedLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What GraphQL has from the edge of the web server.
@Timeout(60)
class EdgeTest {
    private static final String ORIGIN = "https://shop.example.com";
    private static final String TITLE = "{ book(id: \"b1\") { title } }";

    @Test
    void the_door_turns_one_query_too_many_away() throws Exception {
        try (var site = Site.start("--http.limit.most=1", "--http.limit.least=1")) {
            var first = site.http()
                    .sendAsync(
                            HttpRequest.newBuilder(site.uri())
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"query\":\"{ meet(name: \\\"a\\\") }\"}"))
                                    .build(),
                            BodyHandlers.ofString());
            SubscriptionTest.until(() -> site.library.meeting.getNumberWaiting() == 1);

            var second = site.query(TITLE);
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.code()).isEqualTo("overloaded");
            assertThat(second.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat(second.response().headers().firstValue("Content-Type"))
                    .hasValue("application/graphql-response+json; charset=utf-8");

            site.library.meeting.await();
            assertThat(first.get().statusCode()).isEqualTo(200);
            SubscriptionTest.until(() -> site.query(TITLE).status() == 200);
        }
    }

    @Test
    void half_a_query_holds_no_place_at_the_door() throws Exception {
        try (var site = Site.start("--http.limit.most=1", "--http.limit.least=1");
                var first = connect(site);
                var second = connect(site)) {
            for (var socket : List.of(first, second)) {
                socket.getOutputStream().write("""
                                POST /graphql HTTP/1.1\r
                                Host: x\r
                                Content-Type: application/json\r
                                Content-Length: 100\r
                                Expect: 100-continue\r
                                \r
                                """.getBytes(StandardCharsets.UTF_8));
                // It says so when it wants the body.
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                socket.getOutputStream().write('{');
            }

            assertThat(site.query(TITLE).status()).isEqualTo(200);
        }
    }

    @Test
    void subscribers_hold_no_place_at_the_door() throws Exception {
        try (var site = Site.start("--http.limit.most=1", "--http.limit.least=1");
                var socket = connect(site)) {
            send(socket, "Accept: text/event-stream\r\n", "{\"query\":\"subscription { idle }\"}");
            SubscriptionTest.until(() -> site.library.idle.get() == 1);

            SubscriptionTest.until(() -> site.query(TITLE).status() == 200);
        }
    }

    @Test
    void queries_by_websocket_hold_a_place_at_the_door() throws Exception {
        try (var site = Site.start("--http.limit.most=1", "--http.limit.least=1");
                var talk = Talk.begin(site)) {
            talk.subscribe("1", "{ meet(name: \\\"a\\\") }");
            SubscriptionTest.until(() -> site.library.meeting.getNumberWaiting() == 1);

            assertThat(site.query(TITLE).code()).isEqualTo("overloaded");
            talk.subscribe("2", "{ broken: book(id: \\\"b1\\\") { title } }");
            assertThat(talk.refusal()).isEqualTo("overloaded");

            site.library.meeting.await();
            talk.expect("next");
            talk.expect("complete");
            SubscriptionTest.until(() -> site.query(TITLE).status() == 200);
            SubscriptionTest.until(() -> inFlight(site) == 0);
            talk.subscribe("3", "{ wait }");
            site.library.waiting.await();
            talk.say("{\"id\":\"3\",\"type\":\"complete\"}");
            SubscriptionTest.until(() -> site.query(TITLE).status() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ wait }", "{ one: wait two: wait }"})
    void a_client_that_leaves_in_the_middle_ends_its_work_and_costs_no_place(String query) throws Exception {
        try (var site = Site.start("--http.limit.most=1", "--http.limit.least=1", "--http.idle-timeout=1s")) {
            try (var socket = connect(site)) {
                send(socket, "", "{\"query\":\"" + query + "\"}");
                site.library.waiting.await();
            }
            site.library.interrupted.await();
            SubscriptionTest.until(() -> site.query(TITLE).status() == 200);
        }
    }

    @Test
    void a_large_answer_is_compressed_for_who_takes_it() throws Exception {
        try (var site = Site.start("--http.compress-from=200B")) {
            var query = HttpRequest.newBuilder(site.uri())
                    .header("Content-Type", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .POST(BodyPublishers.ofString(
                            "{\"query\":\"{ shelf(limit: 5) { id title genre added author { name } } }\"}"));
            var response = site.http().send(query.build(), BodyHandlers.ofByteArray());

            assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(response.headers().allValues("Vary")).contains("Accept-Encoding");
            try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
                var json = Site.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                assertThat(json.at("/data/shelf").size()).isEqualTo(5);
            }
            assertThat(site.query(TITLE, "{}", "Accept-Encoding", "gzip")
                            .response()
                            .headers()
                            .firstValue("Content-Encoding"))
                    .isEmpty();
        }
    }

    @Test
    void pages_of_known_origins_may_ask_and_others_may_not() throws Exception {
        try (var site = Site.start("--http.cors-origins=" + ORIGIN)) {
            var told = preflight(site, ORIGIN);
            assertThat(told.statusCode()).isEqualTo(204);
            assertThat(told.headers().firstValue("Access-Control-Allow-Methods"))
                    .hasValue("GET, POST");
            assertThat(told.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                    .contains("Authorization", "Content-Type", "GraphQL-Require-Preflight");
            assertThat(allowed(told)).isEqualTo(ORIGIN);
            assertThat(allowed(site.query(TITLE, "{}", "Origin", ORIGIN).response()))
                    .isEqualTo(ORIGIN);
            assertThat(allowed(site.query("{", "{}", "Origin", ORIGIN).response()))
                    .isEqualTo(ORIGIN);

            assertThat(preflight(site, "https://evil.example.org").statusCode()).isEqualTo(405);
            assertThat(allowed(site.query(TITLE, "{}", "Origin", "https://evil.example.org")
                            .response()))
                    .isEmpty();
        }
    }

    private static HttpResponse<String> preflight(Site site, String origin) throws Exception {
        return site.http()
                .send(
                        HttpRequest.newBuilder(site.uri())
                                .method("OPTIONS", BodyPublishers.noBody())
                                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                                .build(),
                        BodyHandlers.ofString());
    }

    private static String allowed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Access-Control-Allow-Origin").orElse("");
    }

    @Test
    void a_query_in_the_url_that_is_no_utf_8_is_refused() throws Exception {
        try (var site = Site.start()) {
            var url = URI.create(site.uri() + "?query=%7B%20__typename%20%7D%23%ff");
            var answer = site.http()
                    .send(
                            HttpRequest.newBuilder(url)
                                    .header("Content-Type", "application/json")
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("well-formed");
        }
    }

    @Test
    void other_methods_are_refused_with_those_that_there_are() throws Exception {
        try (var site = Site.start()) {
            var answer =
                    site.http().send(HttpRequest.newBuilder(site.uri()).DELETE().build(), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        }
    }

    @Test
    void a_body_whose_end_is_in_doubt_is_refused_with_its_connection() throws Exception {
        try (var site = Site.start();
                var socket = connect(site)) {
            socket.getOutputStream().write("""
                            POST /graphql HTTP/1.1
                            Host: x
                            Content-Type: application/json
                            Content-Length: 5
                            Transfer-Encoding: chunked

                            0

                            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));

            assertThat(readAll(socket)).startsWith("HTTP/1.1 400").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void a_body_that_is_too_large_or_stalls_is_refused_in_the_words_of_graphql() throws Exception {
        try (var site = Site.start("--graphql.max-body-size=1KB", "--graphql.request-timeout=300ms")) {
            var large = site.post("{\"query\":\"" + " ".repeat(2_000) + "\"}");
            assertThat(large.status()).isEqualTo(413);
            assertThat(large.code()).isEqualTo("body-too-large");
            try (var socket = connect(site)) {
                socket.getOutputStream()
                        .write(("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));

                assertThat(readAll(socket))
                        .startsWith("HTTP/1.1 408")
                        .contains("application/graphql-response+json", "{\"errors\":[", "\"code\":\"body-timeout\"")
                        .containsIgnoringCase("Connection: close");
            }
        }
    }

    @Test
    void a_line_about_what_came_by_websocket_is_logged_for_the_request_that_the_client_was_told() throws Exception {
        ((Logger) LoggerFactory.getLogger("access")).setLevel(Level.INFO);
        try (var site = Site.start();
                var talk = Talk.begin(site);
                var log = CapturedLog.of("access")) {
            talk.subscribe("1", "{ nothing }");
            var told =
                    talk.expect("error").at("/payload/0/extensions/requestId").asText();
            SubscriptionTest.until(() -> !log.events().isEmpty());

            assertThat(log.requests()).containsExactly(told);
        }
    }

    @Test
    void each_request_is_one_line_of_the_access_log_with_what_was_asked_and_is_counted_by_route() throws Exception {
        var access = (Logger) LoggerFactory.getLogger("access");
        access.setLevel(Level.INFO);
        try (var site = Site.start();
                var log = CapturedLog.of("access")) {
            site.post(
                    "{\"query\":\"query Title { book(id: \\\"b1\\\") { title } }\",\"operationName\":\"Title\"}",
                    "Authorization",
                    "Bearer ann");
            site.query("{ nothing }");
            SubscriptionTest.until(() -> log.events().size() == 2);

            assertThat(fields(log.events().getFirst()))
                    .containsEntry("method", "POST")
                    .containsEntry("path", "/graphql")
                    .containsEntry("status", 200)
                    .containsEntry("caller", "ann")
                    .containsEntry("transport", "http")
                    .containsEntry("type", "query")
                    .containsEntry("operationName", "Title")
                    .containsEntry("fields", "book")
                    .containsEntry("outcome", "done")
                    .containsKeys("ms", "bytes", "cost");
            assertThat(fields(log.events().getLast()))
                    .containsEntry("status", 400)
                    .containsEntry("outcome", "graphql-validation-failed");
            assertThat(site.meters
                            .get("http.server.requests")
                            .tags("method", "POST", "path", "/graphql", "status", "200")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(site.meters
                            .get("graphql.server.requests")
                            .tags("type", "query", "transport", "http", "outcome", "done")
                            .timer()
                            .count())
                    .isEqualTo(1);
        } finally {
            access.setLevel(null);
        }
    }

    @Test
    void all_series_are_there_from_the_start_at_zero() throws Exception {
        try (var fresh = Site.start()) {
            var series = new HashMap<String, Long>();
            fresh.meters
                    .get("graphql.server.requests")
                    .timers()
                    .forEach(timer -> series.put(
                            String.join(
                                    " ",
                                    timer.getId().getTag("type"),
                                    timer.getId().getTag("transport"),
                                    timer.getId().getTag("outcome")),
                            timer.count()));

            assertThat(series)
                    .containsKeys(
                            "query http done",
                            "query sse internal-error",
                            "query websocket overloaded",
                            "mutation http deadline-exceeded",
                            "subscription websocket stopping")
                    .hasSize(5 * (3 + 3 + 2))
                    .allSatisfy((name, count) -> assertThat(count).as(name).isZero());
        }
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        var fields = new HashMap<String, Object>();
        line.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
        return fields;
    }

    private static double inFlight(Site site) {
        return site.meters
                .get("server.concurrency.in.flight")
                .tag("server", "http")
                .gauge()
                .value();
    }

    @Test
    void what_an_answer_says_about_the_load_depends_on_who_ended_the_work() {
        assertThat(Serving.outcome(new Engine.Result(true, Map.of(), List.of())))
                .isEqualTo(ConcurrencyLimit.Sample.SERVED);
        assertThat(Serving.outcome(executed(Failures.INTERNAL))).isEqualTo(ConcurrencyLimit.Sample.SERVED);
        assertThat(Serving.outcome(executed(Failures.LATE))).isEqualTo(ConcurrencyLimit.Sample.OVERLOADED);
        assertThat(Serving.outcome(executed(Failures.GONE))).isEqualTo(ConcurrencyLimit.Sample.UNMEASURED);
        assertThat(Serving.outcome(executed(Failures.STOPPING))).isEqualTo(ConcurrencyLimit.Sample.UNMEASURED);
        assertThat(Serving.outcome(Engine.Result.refused(Failures.INTERNAL)))
                .isEqualTo(ConcurrencyLimit.Sample.UNMEASURED);
    }

    private static Engine.Result executed(Problem problem) {
        return new Engine.Result(true, null, List.of(Failure.of(problem)));
    }

    private static Socket connect(Site site) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String headers, String body) throws IOException {
        socket.getOutputStream()
                .write(("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers
                                + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
