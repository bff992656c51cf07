package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.CallContext;
import dev.slipway.core.Problem;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Items;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.testkit.Await;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamsTest {
    record From(@Min(0) int from, Optional<String> end) {}

    record Count(int value) {}

    record Item(@Min(1) @Max(9) int size, Optional<String> name) {
        Item(int size) {
            this(size, Optional.empty());
        }
    }

    /// What the watchers are told.
    private final LinkedBlockingQueue<Integer> changes = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger sent = new AtomicInteger();

    @AutoClose
    private final Api api = new Api(
            this::routes,
            "--http.stream-heartbeat=100ms",
            "--http.max-body-size=1KB",
            "--http.max-stream-size=10MB",
            "--http.limit.most=2",
            "--http.limit.least=1",
            "--service.drain-timeout=5s");

    private void routes(Rest rest) {
        var count = Streaming.named("count", "Counts.")
                .input(From.class)
                .policy(Policy.anyone())
                .output(Count.class)
                .handle((call, out) -> {
                    for (var i = 0; i < 3; i++) {
                        out.send(new Count(call.input().from() + i));
                    }
                    if (call.input().end().isPresent()) {
                        throw Problem.of(Problem.Kind.CONFLICT, "counted-out", "No more.")
                                .asException();
                    }
                });
        var watch = Streaming.named("watch", "Tells what changes.")
                .policy(Policy.authenticated())
                .output(Count.class)
                .handle((call, out) -> {
                    assertThat(CallContext.CURRENT.get().deadline()).isEmpty();
                    tellWithoutEnd(out, () -> new Count(changes.take()));
                });
        var flood = Streaming.named("flood", "Tells more than anybody reads.")
                .policy(Policy.anyone())
                .output(Item.class)
                .handle((call, out) -> tellWithoutEnd(out, () -> new Item(sent.incrementAndGet())));
        var imported = Streaming.named("import", "Adds up.")
                .items(Item.class)
                .policy(Policy.anyone())
                .output(Count.class)
                .handle(StreamsTest::addUp);
        rest.routes(
                StreamRoute.events("/count", count),
                StreamRoute.events("/watch", watch),
                StreamRoute.events("/flood", flood),
                StreamRoute.lines("/import", imported));
    }

    private <T> void tellWithoutEnd(Emitter<T> out, Callable<T> next) throws Exception {
        begun.countDown();
        try {
            while (true) {
                out.send(next.call());
            }
        } finally {
            ended.countDown();
        }
    }

    private static void addUp(dev.slipway.operation.Call<Items<Item>> call, Emitter<Count> out)
            throws InterruptedException {
        var sum = 0;
        for (var item = call.input().next();
                item.isPresent();
                item = call.input().next()) {
            sum += item.get().size();
            out.send(new Count(sum));
        }
    }

    private HttpResponse<String> importLines(String lines) throws Exception {
        return api.send(api.request("/v1/import")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    }

    @Test
    void a_stream_of_events_has_its_elements_in_order_and_an_end() throws Exception {
        var answer = api.get("/v1/count?from=5");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(events(answer)).isEqualTo("""
                data: {"value":5}

                data: {"value":6}

                data: {"value":7}

                event: complete
                data: {}

                """);
    }

    @Test
    void what_fails_before_the_stream_is_an_answer_like_any_other() throws Exception {
        assertThat(api.get("/v1/watch").statusCode()).isEqualTo(401);
        assertThat(Api.fields(api.get("/v1/count?from=-1"))).containsExactly("from min");
        assertThat(Api.fields(api.get("/v1/count?from=1&to=2"))).containsExactly("to unknown");
        assertThat(Api.code(api.post("/v1/import", "{}"))).isEqualTo("lines-required");
    }

    @Test
    void what_fails_in_the_stream_is_its_last_event() throws Exception {
        var answer = api.get("/v1/count?from=1&end=bad", "X-Request-Id", "r7");
        assertThat(events(answer))
                .contains("data: {\"value\":3}\n\nevent: problem\ndata: {\"type\":\"urn:problem:counted-out\"")
                .contains("\"requestId\":\"r7\"")
                .doesNotContain("complete");
    }

    @Test
    void a_watcher_sees_changes_as_they_happen_and_a_sign_of_life_between_them() throws Exception {
        var answer = api.client.send(
                api.request("/v1/watch").header("Authorization", "Bearer ann").build(), BodyHandlers.ofInputStream());
        try (var lines = lines(answer)) {
            changes.put(1);
            assertThat(next(lines, "data")).isEqualTo("data: {\"value\":1}");
            assertThat(next(lines, ":")).isEqualTo(":");
            changes.put(2);
            assertThat(next(lines, "data")).isEqualTo("data: {\"value\":2}");
        }
        ended.await();
    }

    @Test
    void watchers_hold_no_place_at_the_door() throws Exception {
        try (var one = watch();
                var another = watch();
                var third = watch()) {
            for (var watcher : List.of(one, another, third)) {
                assertThat(read(watcher.getInputStream(), "\r\n\r\n")).contains("text/event-stream");
            }
            assertThat(api.get("/v1/count?from=5").statusCode()).isEqualTo(200);
        }
    }

    private Socket watch() throws java.io.IOException {
        return socketOfAnn(api);
    }

    /// Returns when it has been let in.
    private static Socket socketOfAnn(Api api) throws java.io.IOException {
        var socket = new Socket("localhost", api.address().getPort());
        socket.getOutputStream()
                .write("GET /v1/watch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(read(socket.getInputStream(), "\r\n")).startsWith("HTTP/1.1 200");
        return socket;
    }

    @Test
    void a_watcher_that_goes_away_ends_the_work_although_nothing_changes() throws Exception {
        try (var socket = new Socket("localhost", api.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/watch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            begun.await();
        }
        ended.await();
    }

    @Test
    void a_watcher_that_does_not_read_holds_the_work_back_and_is_given_up() throws Exception {
        try (var socket = new Socket("localhost", api.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/flood HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            begun.await();
            ended.await();
            assertThat(sent.get()).isLessThan(2_000_000);
        }
    }

    @Test
    void a_service_that_stops_tells_its_watchers_and_ends_their_streams_cleanly() throws Exception {
        var answer = api.client.send(
                api.request("/v1/watch").header("Authorization", "Bearer ann").build(), BodyHandlers.ofInputStream());
        begun.await();
        api.service().close();
        ended.await();
        try (var lines = lines(answer)) {
            assertThat(lines.lines().filter(line -> !line.startsWith(":") && !line.isEmpty()))
                    .satisfiesExactly(
                            event -> assertThat(event).isEqualTo("event: problem"),
                            data -> assertThat(data).contains("\"type\":\"urn:problem:stopping\"", "\"status\":503"));
        }
    }

    private static HttpResponse<InputStream> watch(Api api, String who) throws Exception {
        var answer = api.client.send(
                api.request("/v1/watch")
                        .header("Authorization", "Bearer " + who)
                        .build(),
                BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static double open(Api api) {
        return api.meters.get("http.server.streams").gauge().value();
    }

    @Test
    @SuppressWarnings("try") // one ends before the others
    void streams_leave_room_for_others_and_one_client_has_not_all_of_them() throws Exception {
        try (var few = new Api(
                        this::routes,
                        "--http.max-streams=3",
                        "--http.max-streams-per-client=2",
                        "--http.stream-heartbeat=100ms");
                var first = socketOfAnn(few);
                var _ = watch(few, "ann").body()) {
            var third = few.get("/v1/watch", "Authorization", "Bearer ann");
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("Retry-After")).contains("10");
            assertThat(Api.code(third)).isEqualTo("too-many-streams");

            try (var _ = watch(few, "bob").body()) {
                for (var path : List.of("/v1/watch", "/v1/count?from=1")) {
                    var fourth = few.get(path, "Authorization", "Bearer cid");
                    assertThat(fourth.statusCode()).isEqualTo(503);
                    assertThat(Api.code(fourth)).isEqualTo("too-many-streams");
                }
                assertThat(few.get("/v1/nowhere").statusCode()).isEqualTo(404);
                assertThat(open(few)).isEqualTo(3);

                first.close();
                Await.until("a place is free", () -> open(few) < 3);
                assertThat(few.get("/v1/count?from=1").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_stranger_is_counted_by_address_as_trusted_proxies_tell_it() throws Exception {
        try (var few = new Api(
                        this::routes, "--http.max-streams-per-client=1", "--limits.trusted-proxies=127.0.0.1,::1");
                var _ = few.client
                        .send(
                                few.request("/v1/flood")
                                        .header("X-Forwarded-For", "203.0.113.9:1234")
                                        .build(),
                                BodyHandlers.ofInputStream())
                        .body()) {
            assertThat(few.get("/v1/count?from=1", "X-Forwarded-For", "203.0.113.9")
                            .statusCode())
                    .isEqualTo(429);
            assertThat(few.get("/v1/count?from=1", "X-Forwarded-For", "203.0.113.10")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static int ready(Api api) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        api.service().address("management").resolve("/health/ready"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void a_service_all_of_whose_connections_are_taken_is_not_ready() throws Exception {
        try (var few = new Api(this::routes, "--http.max-connections=2")) {
            assertThat(ready(few)).isEqualTo(200);
            var port = few.address().getPort();
            try (var one = new Socket("localhost", port);
                    var other = new Socket("localhost", port)) {
                Await.until(
                        "both are connected",
                        () -> few.meters.get("http.server.connections").gauge().value() == 2);
                assertThat(one.isConnected() && other.isConnected()).isTrue();
                assertThat(ready(few)).isEqualTo(503);
            }
            Await.until(
                    "both have gone",
                    () -> few.meters.get("http.server.connections").gauge().value() == 0);
            assertThat(ready(few)).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_goes_while_it_imports_is_no_fault_of_ours() throws Exception {
        for (var reset : new boolean[] {false, true}) {
            try (var socket = startImport()) {
                socket.setSoLinger(reset, 0);
            }
        }
        Await.until("the stream has ended", () -> open(api) == 0);
        assertThat(api.newFaults()).isEmpty();
    }

    @Test
    void a_client_that_ends_its_body_early_is_told_so() throws Exception {
        try (var socket = startImport()) {
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("urn:problem:client-gone").doesNotContain("\r\n0\r\n");
        }
        assertThat(api.newFaults()).isEmpty();
    }

    @Test
    void an_import_goes_on_while_the_service_stops() throws Exception {
        try (var socket = startImport()) {
            var closer = Thread.startVirtualThread(() -> api.service().close());
            Await.until("the port is closed", () -> !isOpen(socket.getPort()));
            socket.getOutputStream().write("b\r\n{\"size\":2}\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("{\"value\":3}").endsWith("\r\n0\r\n\r\n");
            closer.join();
        }
    }

    @Test
    void a_client_that_sends_no_more_is_not_waited_for() throws Exception {
        try (var socket = startImport()) {
            api.service().close();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("urn:problem:stopping").endsWith("\r\n0\r\n\r\n");
        }
    }

    /// Returns when the first line has been answered.
    private Socket startImport() throws java.io.IOException {
        var socket = new Socket("localhost", api.address().getPort());
        socket.getOutputStream()
                .write("""
                    POST /v1/import HTTP/1.1
                    Host: x
                    Content-Type: application/x-ndjson
                    Transfer-Encoding: chunked

                    b
                    {"size":1}

                    """.replace("\n", "\r\n").replace("}\r\n", "}\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(read(socket.getInputStream(), "{\"value\":1}\n")).startsWith("HTTP/1.1 200");
        return socket;
    }

    private static boolean isOpen(int port) {
        try (var socket = new Socket("localhost", port)) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void lines_are_answered_line_by_line() throws Exception {
        var answer = importLines("{\"size\":1}\n\n{\"size\":2}\r\n  \n{\"size\":3}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(answer.body()).isEqualTo("{\"value\":1}\n{\"value\":3}\n{\"value\":6}\n");
    }

    @Test
    void many_lines_may_be_more_than_one_body_may_be() throws Exception {
        var answer =
                importLines(Stream.generate(() -> "{\"size\":1}").limit(5_000).collect(Collectors.joining("\n")));
        assertThat(answer.body()).endsWith("{\"value\":5000}\n");
    }

    @Test
    void lines_may_be_of_any_letters() throws Exception {
        var line = "{\"size\":1,\"name\":\"\u00e4 \u00ff \u4e16 \ud83d\ude00\"}\n";
        assertThat(importLines("\ufeff" + line.repeat(3)).body())
                .isEqualTo("{\"value\":1}\n{\"value\":2}\n{\"value\":3}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000", "\\ud800", "\\udc00\\ud800"})
    void a_line_whose_text_is_none_is_refused_by_its_field(String text) throws Exception {
        assertThat(importLines("{\"size\":1,\"name\":\"" + text + "\"}\n{\"size\":1}")
                        .body())
                .contains("\"field\":\"name\",\"code\":\"text\"");
    }

    @Test
    void bytes_that_are_no_text_are_refused() throws Exception {
        var line = "{\"size\":1,\"name\":\"\u00ff\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(api.send(api.request("/v1/import")
                                .header("Content-Type", "APPLICATION/X-NDJSON; charset=UTF-8")
                                .POST(BodyPublishers.ofByteArray(line)))
                        .body())
                .contains("malformed");
    }

    @Test
    void an_empty_stream_is_one_too() throws Exception {
        assertThat(importLines("").body()).isEmpty();
    }

    @Test
    void a_line_that_is_wrong_ends_the_stream_with_a_problem() throws Exception {
        assertThat(importLines("{\"size\":1}\n{\"size\":10}\n{\"size\":1}").body())
                .startsWith("{\"value\":1}\n{\"type\":\"urn:problem:invalid-input\"")
                .contains("\"field\":\"size\",\"code\":\"max\"")
                .hasLineCount(2);
        assertThat(importLines("{\"size\":1}\n{\"size\"").body()).contains("malformed");
        assertThat(importLines("{\"size\":1, \"other\":\"" + "x".repeat(2_000) + "\"}")
                        .body())
                .contains("body-too-large");
    }

    @Test
    void progress_is_told_while_the_client_is_still_sending() throws Exception {
        try (var socket = new Socket("localhost", api.address().getPort())) {
            var out = socket.getOutputStream();
            out.write("""
                    POST /v1/import HTTP/1.1
                    Host: x
                    Content-Type: application/x-ndjson
                    Transfer-Encoding: chunked

                    """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write("b\r\n{\"size\":1}\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = read(socket.getInputStream(), "{\"value\":1}\n");
            assertThat(answer).startsWith("HTTP/1.1 200");
            out.write("b\r\n{\"size\":2}\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket.getInputStream(), "{\"value\":3}\n")).isNotEmpty();
        }
    }

    /// Without the signs of life that come in between when the machine is slow.
    private static String events(HttpResponse<String> answer) {
        return answer.body().replace(":\n\n", "");
    }

    private static String read(InputStream in, String until) throws java.io.IOException {
        var text = new StringBuilder();
        while (!text.toString().contains(until)) {
            var next = in.read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    private static String next(BufferedReader lines, String start) throws java.io.IOException {
        while (true) {
            var line = lines.readLine();
            assertThat(line).isNotNull();
            if (line.startsWith(start)) {
                return line;
            }
        }
    }

    private static BufferedReader lines(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }
}
