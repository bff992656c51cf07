package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What HTTP allows and few clients do ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110),
/// [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112)), on raw sockets.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpTest {
    private static final String POINT = "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final List<String> ODD = List.of(
            "\0",
            "%00",
            "%ff",
            "%",
            "%ed%a0%80",
            "\\u0000",
            "\\ud800",
            "\u00ff",
            "\u00ed\u00a0\u0080",
            "\u00ef\u00bb\u00bf",
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            ";",
            ",",
            "\"",
            "\\",
            "=",
            "&",
            "/",
            "..",
            "{",
            "[",
            ":",
            "-",
            "e9",
            "*",
            "a".repeat(300),
            "9".repeat(30),
            "[".repeat(100));

    record Count(int value) {}

    private final AtomicInteger begun = new AtomicInteger();

    @AutoClose
    private final Api api = new Api(rest -> {
        Api.shopRoutes(rest);
        rest.routes(StreamRoute.events(
                "/counts",
                Streaming.named("count", "Counts.")
                        .policy(Policy.anyone())
                        .output(Count.class)
                        .handle((call, out) -> {
                            begun.incrementAndGet();
                            out.send(new Count(1));
                        })));
    });

    @AfterEach
    void nothing_of_it_is_an_error() {
        assertThat(api.newFaults()).isEmpty();
    }

    private static String get(String path, String... headers) {
        return request("GET", path, headers);
    }

    private static String request(String method, String path, String... headers) {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + lines + "\r\n";
    }

    private static String headers(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /v1/ping HTTP/1.0\r\n\r\n", "GET /v1/ping HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\n"
            })
    void an_older_http_is_told_which_one_to_speak(String request) throws Exception {
        assertThat(api.raw(request))
                .startsWith("HTTP/1.1 505 ")
                .contains(
                        "application/problem+json", "\"status\":505", "\"code\":\"http-version\"", "HTTP/1.1 (a proxy")
                .containsIgnoringCase("Connection: close\r\n");
    }

    @Test
    void a_long_uri_is_told_to_be_too_long() throws Exception {
        assertThat(api.raw(get("/v1/orders?cursor=" + "a".repeat(20_000))))
                .startsWith("HTTP/1.1 414 ")
                .contains("\"status\":414", "\"code\":\"uri-too-long\"");
        assertThat(api.raw(get("/v1/orders?cursor=" + "a".repeat(8_000)))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void what_is_no_utf_8_in_a_query_is_refused_by_its_name() throws Exception {
        for (var wrong : List.of("%ff", "a%c3", "%ed%a0%80", "%EF%BF%BD%ff")) {
            assertThat(api.raw(get("/v1/orders?tag=a&tag=" + wrong)))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"field\":\"tag\",\"code\":\"text\"");
        }
        assertThat(api.raw(get("/v1/orders?tag=%EF%BF%BD+%C3%BC"))).startsWith("HTTP/1.1 200 ");
        assertThat(api.raw(get("/v1/orders?t%ffag=a")))
                .startsWith("HTTP/1.1 400 ")
                .contains("\"field\":\"query\",\"code\":\"text\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n4;a=b\r\n{\"x\"\r\n3 ;c=\"d\"\r\n:1}\r\n0;end\r\n\r\n",
                "Transfer-Encoding: Chunked\r\n\r\n7\r\n{\"x\":1}\r\n0\r\n\r\n",
                "transfer-encoding:CHUNKED\r\n\r\n7\r\n{\"x\":1}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTrailer: A, B\r\n\r\n7\r\n{\"x\":1}\r\n00\r\nA: b\r\nB: c\r\n\r\n"
            })
    void chunks_come_as_they_may(String framed) throws Exception {
        var second = get("/v1/ping");
        assertThat(api.raw(POINT + framed + second))
                .startsWith("HTTP/1.1 204 ")
                .as("the next request on the connection")
                .contains("\r\nHTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n;a\r\n",
                "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"x\":1}\r\n0\r\nA: b\n\r\n\r\n",
                "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"
            })
    void chunks_that_may_be_read_in_two_ways_are_refused(String framed) throws Exception {
        assertThat(api.raw(POINT + framed)).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void lines_and_trailers_of_chunks_are_bounded() throws Exception {
        var chunked = POINT + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(api.raw(chunked + "7;" + "a".repeat(5_000))).startsWith("HTTP/1.1 400 ");
        assertThat(api.raw(chunked + "7\r\n{\"x\":1}\r\n0\r\n" + "A: b\r\n".repeat(200)))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void head_answers_the_headers_of_get() throws Exception {
        for (var path : List.of("/v1/ping", "/v1/large/5000", "/v1/nothing", "/v1/orders/" + Shop.KNOWN)) {
            for (var encoding : List.of("identity", "gzip")) {
                var got = headers(api.raw(
                        get(path, "Accept-Encoding: " + encoding, "X-Request-Id: a", "Authorization: Bearer ann")));
                var asked = api.raw(request(
                        "HEAD", path, "Accept-Encoding: " + encoding, "X-Request-Id: a", "Authorization: Bearer ann"));
                assertThat(body(asked)).isEmpty();
                assertThat(headers(asked).replaceAll("Date: .*", "")).isEqualTo(got.replaceAll("Date: .*", ""));
            }
        }
    }

    @Test
    void head_of_a_stream_ends_without_one() throws Exception {
        var before = begun.get();
        assertThat(api.raw(request("HEAD", "/v1/counts")))
                .startsWith("HTTP/1.1 200 ")
                .contains("Content-Type: text/event-stream\r\n")
                .doesNotContain("Content-Length", "data:")
                .endsWith("\r\n\r\n");
        assertThat(begun).hasValue(before);
    }

    @Test
    void what_has_no_body_has_no_length() throws Exception {
        var unchanged = api.raw(get("/v1/orders/" + Shop.KNOWN, "Authorization: Bearer ann", "If-None-Match: \"7\""));
        assertThat(unchanged)
                .startsWith("HTTP/1.1 304 ")
                .doesNotContain("Content-Length")
                .contains("Vary: ");
        var changed = api.raw(put("If-Match: \"7\""));
        assertThat(changed).startsWith("HTTP/1.1 204 ").doesNotContain("Content-Length");
    }

    private static String put(String... headers) {
        var lines = String.join("\r\n", headers) + "\r\nAuthorization: Bearer clerk\r\nContent-Type: application/json"
                + "\r\nContent-Length: " + Shop.ORDER.length();
        return request("PUT", "/v1/orders/" + Shop.KNOWN, lines) + Shop.ORDER;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    If-Match: "6", "7"                             | 204
                    If-Match: "6"⏎If-Match: "7"                    | 204
                    If-Match: "abc", "7-gzip"                      | 204
                    If-Match: "a,b", "7"                           | 204
                    If-Match: "5", "6"                             | 412
                    If-Match: W/"7", "6"                           | 412
                    If-Match: W/"7"                                | 412
                    If-Match: "7"⏎If-None-Match: "7"               | 412
                    If-Match: "7"⏎If-None-Match: W/"7"             | 412
                    If-Match: "7"⏎If-None-Match: *                 | 412
                    If-Match: *⏎If-None-Match: *                   | 412
                    If-Match: "7"⏎If-None-Match: "6"               | 204
                    If-Match: *⏎If-None-Match: "6"                 | 400
                    If-Match: "1","2","3","4","5","6","7","8","9","10","11" | 400
                    If-None-Match: "7"                             | 428
                    """)
    void a_change_is_made_if_all_that_was_said_of_versions_holds(String headers, int status) throws Exception {
        assertThat(api.raw(put(headers.split("⏎")))).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    -                                                           | json
                    Accept: */*                                                 | json
                    Accept:                                                     | 406
                    Accept: APPLICATION/JSON                                    | json
                    Accept: application/*;q=0.1                                 | json
                    Accept: text/html, application/json;q=0.9, */*;q=0.8        | json
                    Accept: text/html⏎Accept: application/json                  | json
                    Accept: application/json;q=0                                | 406
                    Accept: application/json;q=0, */*                           | v1
                    Accept: */*;q=0                                             | 406
                    Accept: text/event-stream                                   | 406
                    Accept: text/event-stream, application/json                 | json
                    Accept: application/vnd.shop.v1+json                        | v1
                    Accept: Application/Vnd.Shop.V1+JSON                        | v1
                    Accept: application/vnd.shop.v1+json;q=0.5, application/json | json
                    Accept: application/vnd.shop.v1+json, application/json;q=0.5 | v1
                    Accept: application/vnd.shop.v1+json;q=0, */*               | json
                    Accept: application/vnd.shop.v2+json                        | 406
                    Accept: application/json;q=2                                | 406
                    Accept: ;;;, ,/, application/json                           | json
                    """)
    void the_type_that_is_wanted_most_is_answered(String accept, String answered) throws Exception {
        var answer = api.raw(accept == null ? get("/v1/ping") : get("/v1/ping", accept.split("⏎")));
        if (answered.equals("406")) {
            assertThat(answer).startsWith("HTTP/1.1 406 ").contains("\"code\":\"not-acceptable\"");
        } else {
            var type = answered.equals("json") ? "application/json" : "application/vnd.shop." + answered + "+json";
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Content-Type: " + type + "\r\n");
        }
        assertThat(answer).contains("Vary: Accept\r\n");
    }

    @Test
    void a_stream_of_events_is_for_who_takes_one() throws Exception {
        assertThat(api.raw(get("/v1/counts", "Accept: text/event-stream"))).startsWith("HTTP/1.1 200 ");
        assertThat(api.raw(get("/v1/counts", "Accept: Text/*;q=0.1"))).startsWith("HTTP/1.1 200 ");
        assertThat(api.raw(get("/v1/counts", "Accept: application/json"))).startsWith("HTTP/1.1 406 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ";", "/", "a", "a/", "application/json; charset=latin1", "text/json", "\u00ff", "a/b/c;=;="})
    void a_type_that_is_none_is_no_json(String type) throws Exception {
        var request = "POST /v1/points HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\nContent-Type: "
                + type + "\r\n\r\n{\"x\":1}";
        assertThat(api.raw(request)).matches("(?s)HTTP/1.1 (415|400) .*");
    }

    @Test
    void all_reasons_to_vary_are_told_together() throws Exception {
        var answer = api.raw(get("/large/5000", "Accept-Encoding: gzip"));
        assertThat(headers(answer)).contains("Content-Encoding: gzip");
        assertThat(headers(answer)).contains("Vary: X-Api-Version, Accept, Accept-Encoding\r\n");
        assertThat(headers(api.raw(get("/v1/large/5000")))).contains("Vary: Accept, Accept-Encoding\r\n");
    }

    @Test
    void the_date_is_in_gmt_wherever_the_machine_stands() throws Exception {
        var zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
        try {
            for (var request : List.of(get("/v1/ping"), get("/nowhere"), get("/docs"), "EVIL\r\n\r\n")) {
                assertThat(api.raw(request))
                        .containsPattern(
                                "\r\nDate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT\r\n")
                        .containsOnlyOnce("\r\nDate: ");
            }
        } finally {
            TimeZone.setDefault(zone);
        }
        assertThat(DateHeader.text(Instant.parse("1994-11-06T08:49:37Z"))).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void a_client_that_goes_in_the_middle_of_its_headers_is_no_error() throws Exception {
        for (var begun :
                List.of("GET", "GET /v1/ping HTTP/1.1\r\n", "GET /v1/ping HTTP/1.1\r\nHost: x\r\nA: b", POINT)) {
            try (var socket = new Socket(api.address().getHost(), api.address().getPort())) {
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(Api.readAll(socket.getInputStream())).matches("(?s)(HTTP/1.1 400 .*)?");
            }
        }
    }

    /// Whatever a client sends: no answer is an error of ours, and none leaves a stack in the log.
    @Test
    void no_bytes_alone_are_an_error_of_ours() throws Exception {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        var requests = List.of(
                get(
                        "/v1/orders?limit=2&colour=RED&cursor=YQ.YQ&since=2026-01-01T00:00:00Z&tag=a&tag=b",
                        "Accept: application/json;q=0.5"),
                get("/v1/orders/" + Shop.KNOWN, "Authorization: Bearer ann", "If-None-Match: \"7\"", "X-Request-Id: a"),
                get("/v1/counts", "Accept: text/event-stream", "X-Api-Version: 1", "traceparent: 00-0-0-0"),
                get("/orders", "X-Api-Version: 1", "Accept: application/vnd.shop.v1+json"),
                put("If-Match: \"6\", \"7\""),
                POINT + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"x\":1}\r\n0\r\n\r\n",
                "POST /v1/orders HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\nContent-Type: application/json; charset=utf-8\r\n"
                        + "Connection: close\r\nContent-Length: " + Shop.ORDER.length() + "\r\n\r\n" + Shop.ORDER);
        for (var i = 0; i < 1_500; i++) {
            var sent = changed(requests.get(random.nextInt(requests.size())), random);
            String answer;
            try (var socket = new Socket(api.address().getHost(), api.address().getPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                answer = Api.readAll(socket.getInputStream());
            } catch (SocketException e) {
                answer = "";
            }
            assertThat(answer).as("seed %d: %s", seed, sent).matches("(?s)(HTTP/1.1 ([1234]|50[15]).*)?");
            assertThat(api.newFaults()).as("seed %d: %s", seed, sent).isEmpty();
        }
    }

    private static String changed(String request, Random random) {
        var text = new StringBuilder(request);
        for (var i = random.nextInt(3); i >= 0; i--) {
            var at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, ODD.get(random.nextInt(ODD.size())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(256));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
            }
        }
        return text.toString();
    }
}
