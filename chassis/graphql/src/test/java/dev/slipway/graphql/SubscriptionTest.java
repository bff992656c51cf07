package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubscriptionTest {
    private Site site = new Site(Library::graph);

    @BeforeEach
    void start() throws InterruptedException {
        site = Site.start(
                "--graphql.keep-alive=500ms",
                "--http.stream-heartbeat=500ms",
                "--graphql.init-timeout=1s",
                "--graphql.subscriptions-per-connection=3");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void events_come_in_their_order_and_then_the_end() throws Exception {
        try (var talk = Talk.begin(site)) {
            talk.subscribe("1", "subscription { count(to: 3) }");

            for (var i = 1; i <= 3; i++) {
                assertThat(talk.expect("next").at("/payload/data/count").asInt())
                        .isEqualTo(i);
            }
            assertThat(talk.expect("complete").get("id").asText()).isEqualTo("1");
        }
    }

    @Test
    void queries_and_mutations_are_served_too() throws Exception {
        try (var talk = Talk.begin(site)) {
            talk.subscribe("q", "{ book(id: \\\"b1\\\") { title author { name } } }");

            assertThat(talk.expect("next").at("/payload/data/book").toString())
                    .isEqualTo("{\"title\":\"Book 1\",\"author\":{\"name\":\"Ann\"}}");
            talk.expect("complete");
        }
    }

    @Test
    void each_event_is_selected_from_and_its_batches_loaded() throws Exception {
        try (var talk = Talk.begin(site, "Authorization", "Bearer ann")) {
            talk.subscribe("1", "subscription { added { title author { name } } }");
            until(() -> site.library.idle.get() == 1);
            site.query(
                    "mutation { addBook(input: {title: \"Fresh\", genre: FICTION, author: \"Ann\"}) { __typename } }");

            assertThat(talk.expect("next").at("/payload/data/added").toString())
                    .isEqualTo("{\"title\":\"Fresh\",\"author\":{\"name\":\"Ann\"}}");
        }
    }

    @Test
    void the_token_may_come_with_the_first_message() throws Exception {
        try (var talk = Talk.open(site)) {
            talk.say("{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"Bearer ann\"}}");
            talk.expect("connection_ack");
            talk.subscribe("1", "subscription { added { title } }");
            until(() -> site.library.idle.get() == 1);
        }
        try (var talk = Talk.open(site)) {
            talk.say("{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"Bearer bad\"}}");
            assertThat(talk.closed()).isEqualTo(SocketCodes.FORBIDDEN);
        }
    }

    @Test
    void refusals_are_errors_of_their_operation_and_leave_the_connection() throws Exception {
        try (var talk = Talk.begin(site)) {
            talk.subscribe("1", "subscription { added { title } }");
            assertThat(talk.refusal()).isEqualTo("token-required");
            talk.subscribe("1", "subscription { nothing }");
            assertThat(talk.refusal()).isEqualTo("graphql-validation-failed");
            talk.subscribe("1", "subscription { count }");
            talk.expect("error");
            talk.subscribe("1", "subscription { count(to: 13) }");
            for (var i = 0; i < 13; i++) {
                talk.expect("next");
            }
            var broken = talk.expect("error");
            assertThat(broken.at("/payload/0/extensions/code").asText()).isEqualTo("internal-error");
            assertThat(broken.toString()).doesNotContain("SELECT");
        }
    }

    @Test
    void who_completes_a_subscription_ends_its_work_and_no_other() throws Exception {
        try (var talk = Talk.begin(site)) {
            talk.subscribe("1", "subscription { idle }");
            talk.subscribe("2", "subscription { idle }");
            until(() -> site.library.idle.get() == 2);
            talk.say("{\"id\":\"1\",\"type\":\"complete\"}");
            until(() -> site.library.idleEnded.get() == 1);
            talk.subscribe("3", "subscription { count(to: 1) }");
            talk.expect("next");
            talk.expect("complete");
            assertThat(site.library.idleEnded.get()).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_goes_without_a_word_ends_its_work() throws Exception {
        var talk = Talk.begin(site);
        talk.subscribe("1", "subscription { idle }");
        talk.subscribe("2", "{ wait }");
        until(() -> site.library.idle.get() == 1);
        assertThat(site.library.waiting.await(10, TimeUnit.SECONDS)).isTrue();
        talk.abort();

        until(() -> site.library.idleEnded.get() == 1);
        assertThat(site.library.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_the_protocol_forbids_closes_the_connection_with_its_code() throws Exception {
        assertThat(closing("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{broken}\"}}"))
                .isEqualTo(SocketCodes.UNAUTHORIZED);
        assertThat(closing("{\"type\":\"connection_init\"}", "{\"type\":\"connection_init\"}"))
                .isEqualTo(SocketCodes.TOO_MANY_INITS);
        assertThat(closing("{\"type\":\"hello\"}")).isEqualTo(SocketCodes.BAD_REQUEST);
        assertThat(closing("no json")).isEqualTo(SocketCodes.BAD_REQUEST);
        assertThat(closing("[]")).isEqualTo(SocketCodes.BAD_REQUEST);
        assertThat(closing(
                        "{\"type\":\"connection_init\"}",
                        "{\"type\":\"subscribe\",\"payload\":{\"query\":\"{broken}\"}}"))
                .isEqualTo(SocketCodes.BAD_REQUEST);
        assertThat(closing("\"" + "x".repeat(200_000) + "\"")).isEqualTo(SocketCodes.TOO_LARGE);
        var idle = "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription{idle}\"}}";
        assertThat(closing("{\"type\":\"connection_init\"}", idle, idle)).isEqualTo(SocketCodes.ALREADY_EXISTS);
        assertThat(closing()).isEqualTo(SocketCodes.INIT_TIMEOUT);
    }

    private int closing(String... messages) throws Exception {
        try (var talk = Talk.open(site)) {
            for (var message : messages) {
                talk.say(message);
            }
            return talk.closed();
        }
    }

    @Test
    void a_ping_gets_a_pong() throws Exception {
        try (var talk = Talk.begin(site)) {
            talk.say("{\"type\":\"ping\"}");
            talk.expect("pong");
        }
    }

    @Test
    void one_connection_has_no_more_subscriptions_than_allowed() throws Exception {
        try (var talk = Talk.begin(site)) {
            for (var i = 1; i <= 3; i++) {
                talk.subscribe("s" + i, "subscription { idle }");
            }
            until(() -> site.library.idle.get() == 3);
            talk.subscribe("s4", "subscription { idle }");
            assertThat(talk.refusal()).isEqualTo("too-many-subscriptions");
        }
    }

    @Test
    void a_token_that_expires_ends_the_subscription() throws Exception {
        try (var talk = Talk.begin(site, "Authorization", "Bearer ann")) {
            talk.subscribe("1", "subscription { added { title } }");
            until(() -> site.library.idle.get() == 1);
            site.expired.add("ann");

            assertThat(talk.closed()).isEqualTo(SocketCodes.FORBIDDEN);
            until(() -> site.library.idleEnded.get() == 1);
        }
    }

    @Test
    void a_slow_subscriber_is_held_back_harms_nobody_and_is_cut_off() throws Exception {
        try (var slow = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort());
                var talk = Talk.begin(site)) {
            slow.getOutputStream().write("""
                            POST /graphql HTTP/1.1\r
                            Host: localhost\r
                            Accept: text/event-stream\r
                            Content-Type: application/json\r
                            Content-Length: 37\r
                            \r
                            {"query":"subscription { endless }"}\s""".getBytes(StandardCharsets.US_ASCII));
            until(() -> site.library.sent.get() > 100);
            talk.subscribe("1", "subscription { count(to: 200) }");
            for (var i = 1; i <= 200; i++) {
                talk.expect("next");
            }
            assertThat(site.library.endlessEnded.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(site.library.sent.get()).isLessThan(1_000_000);
        }
    }

    /// Its pongs wait for it, and so would the frame that says it is late.
    @Test
    void a_client_that_pings_and_reads_nothing_is_cut_off_before_it_has_said_who_it_is() throws Exception {
        var cut = new CountDownLatch(1);
        try (var deaf = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort())) {
            deaf.getOutputStream().write("""
                            GET /graphql HTTP/1.1\r
                            Host: localhost\r
                            Connection: Upgrade\r
                            Upgrade: websocket\r
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                            Sec-WebSocket-Version: 13\r
                            Sec-WebSocket-Protocol: graphql-transport-ws\r
                            \r
                            """.getBytes(StandardCharsets.US_ASCII));
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        deaf.getOutputStream().write(SocketReaderTest.frame(0x89, new byte[125]));
                    }
                } catch (IOException e) {
                    cut.countDown();
                }
            });
            assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void events_come_by_http_as_well() throws Exception {
        var lines = events("{\"query\":\"subscription { count(to: 2) }\"}");

        assertThat(lines)
                .containsExactly(
                        "event: next",
                        "data: {\"data\":{\"count\":1}}",
                        "event: next",
                        "data: {\"data\":{\"count\":2}}",
                        "event: complete",
                        "data:");
        assertThat(events("{\"query\":\"{ book(id: \\\"b1\\\") { title } }\"}"))
                .containsExactly(
                        "event: next",
                        "data: {\"data\":{\"book\":{\"title\":\"Book 1\"}}}",
                        "event: complete",
                        "data:");
        assertThat(events("{\"query\":\"subscription { added { title } }\"}").get(1))
                .contains("token-required");
    }

    private List<String> events(String body) throws Exception {
        var response = site.http()
                .send(
                        HttpRequest.newBuilder(site.uri())
                                .timeout(Duration.ofSeconds(20))
                                .header("Accept", "text/event-stream")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        var lines = new ArrayList<String>();
        try (var in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty() && !line.equals(":")) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    @Test
    void a_reader_of_events_that_goes_ends_the_work() throws Exception {
        try (var _ = listening("subscription { idle }")) {
            until(() -> site.library.idle.get() == 1);
        }
        until(() -> site.library.idleEnded.get() == 1);
    }

    @Test
    void a_reader_of_events_whose_token_expires_or_whose_service_stops_is_let_go() throws Exception {
        try (var _ = listening("subscription { added { title } }")) {
            until(() -> site.library.idle.get() == 1);
            site.expired.add("ann");
            until(() -> site.library.idleEnded.get() == 1);
        }
        site.expired.clear();
        try (var _ = listening("subscription { idle }")) {
            until(() -> site.library.idle.get() == 2);
            site.close();
            until(() -> site.library.idleEnded.get() == 2);
        }
    }

    /// A reader of the subscription's events.
    private Socket listening(String subscription) throws IOException {
        var body = "{\"query\":\"" + subscription + "\"}";
        var socket = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort());
        socket.getOutputStream()
                .write(("POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                                + "Authorization: Bearer ann\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void a_subscription_needs_a_stream() {
        assertThat(site.query("subscription { idle }").status()).isEqualTo(406);
        assertThat(site.query("subscription { idle }").code()).isEqualTo("graphql-stream-required");
    }

    @Test
    void another_protocol_is_not_spoken() {
        var handshake = site.http()
                .newWebSocketBuilder()
                .subprotocols("graphql-ws")
                .buildAsync(
                        URI.create(site.uri().toString().replace("http:", "ws:")),
                        new java.net.http.WebSocket.Listener() {});
        assertThat(handshake).failsWithin(Duration.ofSeconds(10));
    }

    static void until(Callable<Boolean> condition) {
        Await.until("it comes to pass", condition);
    }
}
