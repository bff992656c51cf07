package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WebSockets, byte by byte.
@Timeout(60)
class SocketTest {
    /// Of connections, of streams and of WebSockets.
    private static final int WATCHERS = 3;

    @AutoClose
    private static final Site site = Site.start("--graphql.max-body-size=2KB", "--graphql.init-timeout=20s");

    /// A client that sends frames as a test wants them.
    private static final class Raw implements AutoCloseable {
        private final java.net.Socket socket;
        private final DataInputStream in;

        Raw() throws IOException {
            this(handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-transport-ws"));
            assertThat(status()).isEqualTo("HTTP/1.1 101 Switching Protocols");
        }

        Raw(String request) throws IOException {
            this(request, site);
        }

        Raw(String request, Site other) throws IOException {
            socket = new java.net.Socket(
                    InetAddress.getLoopbackAddress(), other.uri().getPort());
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            send(request.getBytes(StandardCharsets.US_ASCII));
        }

        static String handshake(String key, String version, String protocol) {
            return "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
                    + key + "\r\nSec-WebSocket-Version: " + version + "\r\nSec-WebSocket-Protocol: " + protocol
                    + "\r\n\r\n";
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        void say(int first, byte[] payload) throws IOException {
            send(SocketReaderTest.frame(first, payload));
        }

        void say(String text) throws IOException {
            say(0x81, text.getBytes(StandardCharsets.UTF_8));
        }

        /// The first line of an answer by HTTP, with the rest of its headers read.
        String status() throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(in.readUnsignedByte());
            }
            return head.toString(StandardCharsets.US_ASCII).lines().findFirst().orElse("");
        }

        /// The next frame: its first byte in hexadecimal digits, and its payload as text.
        String frame() throws IOException {
            var first = in.readUnsignedByte();
            var length = in.readUnsignedByte();
            var payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
            return HexFormat.of().toHexDigits((byte) first) + " "
                    + (first == 0x88
                            ? ((payload[0] & 0xff) << 8 | (payload[1] & 0xff)) + " "
                                    + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8)
                            : new String(payload, StandardCharsets.UTF_8));
        }

        String frameAfter(String text) throws IOException {
            say(text);
            return frame();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection: keep-alive, upgrade | Upgrade: WebSocket | true",
                "Connection: keep-alive~Connection: Upgrade | Upgrade: websocket | true",
                "Connection: Upgrade | Upgrade: h2c, WEBSOCKET | true",
                "Connection: Upgrade | Upgrade: h2c~Upgrade: websocket | true",
                "Connection: Upgrade | Upgrade: websockets | false",
                "Connection: keep-alive | Upgrade: websocket | false",
                "X-Connection: Upgrade | Upgrade: websocket | false",
            })
    void an_upgrade_is_named_in_any_letters_by_lists(String connection, String upgrade, boolean taken)
            throws IOException {
        var handshake = Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-transport-ws")
                .replace("Connection: Upgrade", connection.replace("~", "\r\n"))
                .replace("\r\nUpgrade: websocket", "\r\n" + upgrade.replace("~", "\r\n"));
        try (var raw = new Raw(handshake)) {
            assertThat(raw.status().startsWith("HTTP/1.1 101 ")).isEqualTo(taken);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,//graphql,400",
        "GET,/x/../graphql,400",
        "GET,/graphql;x,400",
        "GET,/%67raphql,400",
        "GET,/graphql%2F,400",
        "GET,/graphql#x,400",
        "get,/graphql,501"
    })
    void only_the_plain_path_is_upgraded(String method, String path, int status) throws IOException {
        var handshake = Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-transport-ws")
                .replace("GET /graphql ", method + " " + path + " ");
        try (var raw = new Raw(handshake)) {
            assertThat(raw.status()).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void a_ping_is_answered_with_its_data_also_inside_a_message() throws IOException {
        try (var raw = new Raw()) {
            raw.say(0x89, "hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.frame()).isEqualTo("8a hello");

            raw.say(0x01, "{\"type\":".getBytes(StandardCharsets.US_ASCII));
            raw.say(0x89, new byte[0]);
            raw.say(0x80, "\"connection_init\"}".getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.frame()).isEqualTo("8a ");
            assertThat(raw.frame()).isEqualTo("81 {\"type\":\"connection_ack\"}");
        }
    }

    @Test
    void one_client_has_not_all_the_connections() throws Exception {
        var handshake = Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-transport-ws");
        try (var few = Site.start("--http.max-streams-per-client=1");
                var first = new Raw(handshake, few);
                var second = new Raw(handshake, few)) {
            assertThat(first.status()).endsWith("Switching Protocols");
            assertThat(second.status()).endsWith("Switching Protocols");
            var one = first.frameAfter("{\"type\":\"connection_init\"}");
            var other = second.frameAfter("{\"type\":\"connection_init\"}");
            assertThat(List.of(one, other))
                    .containsExactlyInAnyOrder("81 {\"type\":\"connection_ack\"}", "88 1013 Too many connections");
        }
    }

    @Test
    void text_that_was_cut_inside_a_character_arrives_whole() throws IOException {
        try (var raw = new Raw()) {
            raw.say("{\"type\":\"connection_init\"}");
            raw.frame();
            var bytes = "{\"id\":\"é\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{ __typename }\"}}"
                    .getBytes(StandardCharsets.UTF_8);
            for (var i = 0; i < bytes.length; i++) {
                raw.say((i == 0 ? 1 : 0) | (i == bytes.length - 1 ? 0x80 : 0), new byte[] {bytes[i]});
            }

            assertThat(raw.frame()).contains("\"id\":\"é\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"88, 03e8, 1000", "88, 0fa0, 4000"})
    void a_close_is_answered_with_its_code(String kind, String payload, int code) throws IOException {
        try (var raw = new Raw()) {
            raw.say(Integer.parseInt(kind, 16), HexFormat.of().parseHex(payload));

            assertThat(raw.frame()).startsWith("88 " + code + " ");
            assertThat(raw.in.read()).isEqualTo(-1);
        }
    }

    /// Whatever it sends after that is not looked at.
    @ParameterizedTest
    @CsvSource({"81, ff, 1007", "82, 00, 1003", "80, 61, 1002"})
    void what_is_no_message_is_answered_with_its_code_and_cut_off(String kind, String payload, int code)
            throws Exception {
        var time = new VirtualTime();
        try (var still = Site.startAt(time);
                var raw = new Raw(Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-transport-ws"), still)) {
            assertThat(raw.status()).endsWith("Switching Protocols");
            raw.say(Integer.parseInt(kind, 16), HexFormat.of().parseHex(payload));
            assertThat(raw.frame()).startsWith("88 " + code + " ");
            raw.say(0x88, new byte[] {3, (byte) 0xe8});

            time.awaitWaiting(WATCHERS);
            time.pass(Duration.ofSeconds(3));
            assertThat(raw.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void a_client_that_sends_more_than_is_read_learns_why_it_is_closed() throws IOException {
        try (var raw = new Raw()) {
            raw.say(0x81, new byte[4_000]);
            assertThat(raw.frame()).startsWith("88 1009 ");
        }
    }

    @Test
    void a_long_id_that_is_there_twice_closes_with_its_code() throws IOException {
        var subscribe = "{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription{idle}\"}}"
                .formatted("ж".repeat(100));
        try (var raw = new Raw()) {
            raw.say("{\"type\":\"connection_init\"}");
            raw.frame();
            raw.say(subscribe);
            raw.say(subscribe);

            assertThat(raw.frame()).startsWith("88 4409 Subscriber for ж");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "%%%", "dGhlIHNhbXBsZSBub25jZSE="})
    void a_key_that_is_none_is_a_bad_request(String key) throws IOException {
        try (var raw = new Raw(Raw.handshake(key, "13", "graphql-transport-ws"))) {
            assertThat(raw.status()).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void another_version_or_protocol_is_not_spoken() throws IOException {
        try (var raw = new Raw(Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "8", "graphql-transport-ws"))) {
            assertThat(raw.status()).startsWith("HTTP/1.1 400");
        }
        try (var raw = new Raw(Raw.handshake("dGhlIHNhbXBsZSBub25jZQ==", "13", "graphql-ws"))) {
            assertThat(raw.status()).startsWith("HTTP/1.1 403");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"\\u0000\"}}",
                "{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"\\ud800\"}}",
                "{\"type\":\"\\u0000\"}",
                "{\"type\":\"subscribe\",\"id\":\"\\ud800\"}",
                "{\"type\":\"ping\",\"payload\":\"\\udfff\"}",
                "\uFEFF{\"type\":\"ping\"}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void odd_characters_are_no_trouble(String message) throws IOException {
        try (var raw = new Raw()) {
            raw.say(message);
            raw.say("{\"type\":\"nothing\"}");

            assertThat(List.of(
                            "88 4400",
                            "88 4401",
                            "88 4403",
                            "81 {\"type\":\"connection_ack\"}",
                            "81 {\"type\":\"pong\"}"))
                    .anyMatch(raw.frame()::startsWith);
        }
    }
}
