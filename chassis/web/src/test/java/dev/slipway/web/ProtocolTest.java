package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no proper client sends.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolTest {
    private static final String HEAD = "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    @AutoClose
    private final Api api = Api.shop("--http.request-timeout=300ms", "--http.idle-timeout=300ms");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EVIL\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\nHost: x\r\nHost: evil\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\nHost: evil:port\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\nHost: x\r\nEvil header: a\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\nHost: x\r\nevil\r\n\r\n",
                "GET /v1/ping HTTP/1.1\r\nHost: x\r\nX-A: e\u0001vil\r\n\r\n",
                "GET /v1/<evil> HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/orders?a=%zzevil HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/orders/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /v1/ping HTTP/9.9\r\nHost: x\r\n\r\n",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Length: evil\r\n\r\n",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n1",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n11",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/points HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: evil\r\n\r\n0\r\n\r\n",
            })
    void what_is_no_proper_request_is_a_problem_and_the_end_of_the_connection(String request) throws Exception {
        var answer = api.raw(request);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .containsOnlyOnce("HTTP/1.1")
                .containsIgnoringCase("Connection: close\r\n")
                .contains("Content-Type: application/problem+json\r\n")
                .contains("Cache-Control: no-store\r\n")
                .contains("X-Content-Type-Options: nosniff\r\n")
                .contains("\"code\":\"bad-request\"")
                .doesNotContainIgnoringCase("evil");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "-1\r\n",
                "+7\r\n{\"x\":1}\r\n0\r\n\r\n",
                "0x7\r\n{\"x\":1}\r\n0\r\n\r\n",
                " 7\r\n{\"x\":1}\r\n0\r\n\r\n",
                ";a=b\r\n{\"x\":1}\r\n0\r\n\r\n",
                "\r\n{\"x\":1}\r\n0\r\n\r\n",
                "7\r\n{\"x\":1}XX0\r\n\r\n",
                "7\r\n{\"x\":1}\n\n0\r\n\r\n",
                "7\r\n{\"x\":1}\rX0\r\n\r\n",
                "7\r\n{\"x\":1}\r\n+0\r\n\r\n",
            })
    void broken_chunks_are_a_bad_request_and_the_end_of_the_connection(String chunks) throws Exception {
        assertThat(api.raw(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks))
                .startsWith("HTTP/1.1 400")
                .containsOnlyOnce("HTTP/1.1")
                .containsIgnoringCase("Connection: close\r\n");
    }

    /// Helidon skips two bytes to consume two bytes of a body, too.
    @Test
    void two_bytes_of_a_body_are_no_end_of_a_line() throws Exception {
        assertThat(api.raw(HEAD + "Connection: close\r\nContent-Length: 2\r\n\r\n{}"))
                .contains("\"code\":\"invalid-input\"");
        assertThat(api.raw(HEAD + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\n{\"\r\n05\r\nx\":1}\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 204");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"close", "Close", "close, TE", "TE , CLOSE", "keep-alive, close", "TE\r\nConnection: close"})
    void who_asks_to_close_is_told_so_and_the_connection_closed(String connection) throws Exception {
        try (var socket = connect()) {
            var request = "GET /v1/ping HTTP/1.1\r\nHost: x\r\n";
            socket.getOutputStream()
                    .write((request + "Connection: " + connection + "\r\n\r\n" + request + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket))
                    .startsWith("HTTP/1.1 200")
                    .containsOnlyOnce("HTTP/1.1")
                    .contains("Connection: close\r\n");
        }
    }

    @Test
    void a_body_that_stalls_is_given_up() throws Exception {
        var answer = api.raw(HEAD + "Content-Length: 8\r\n\r\n{\"x\":");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"body-timeout\"", "Connection: close");
    }

    @Test
    void a_body_that_trickles_in_ends_at_the_deadline() throws Exception {
        try (var socket = connect()) {
            socket.setTcpNoDelay(true);
            var out = socket.getOutputStream();
            out.write((HEAD + "Content-Length: 1000000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            // Between two bytes it listens for a while: whoever writes on after the answer loses it to a reset.
            var patience = socket.getSoTimeout();
            socket.setSoTimeout(10);
            var first = OptionalInt.empty();
            while (first.isEmpty()) {
                out.write(' ');
                first = byteWithin(socket);
            }
            socket.setSoTimeout(patience);
            assertThat((char) first.getAsInt() + read(socket)).startsWith("HTTP/1.1 4");
        }
    }

    private static OptionalInt byteWithin(Socket socket) throws IOException {
        try {
            return OptionalInt.of(socket.getInputStream().read());
        } catch (SocketTimeoutException e) {
            return OptionalInt.empty();
        }
    }

    @Test
    void a_client_that_goes_away_while_it_sends_is_no_error() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write((HEAD + "Content-Length: 100\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(api.get("/v1/ping").statusCode()).isEqualTo(200);
        assertThat(api.logged(Problems.class.getName())).isEmpty();
    }

    @Test
    void a_silent_connection_is_closed() throws Exception {
        try (var socket = connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_connection_is_closed_when_no_further_request_comes() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream()
                    .write("GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket)).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("Connection: close");
        }
    }

    @Test
    void headers_that_trickle_in_are_given_up() throws Exception {
        try (var socket = connect()) {
            socket.setTcpNoDelay(true);
            var out = socket.getOutputStream();
            out.write("GET /v1/ping HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(10);
            var first = OptionalInt.empty();
            while (first.isEmpty()) {
                out.write('x');
                first = byteWithin(socket);
            }
            assertThat(first.getAsInt())
                    .as("the end, or the beginning of a refusal")
                    .isIn(-1, (int) 'H');
        }
    }

    @Test
    void a_client_that_asks_first_is_told_to_go_on_only_if_its_body_is_wanted() throws Exception {
        var expecting = "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 7\r\n\r\n";
        var refused = api.raw("POST /v1/points HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n" + expecting);
        assertThat(refused).startsWith("HTTP/1.1 415");
        assertThat(refused).doesNotContain("100 Continue");
        var wanted = api.raw(HEAD + expecting + "{\"x\":1}");
        assertThat(wanted).startsWith("HTTP/1.1 100").contains("HTTP/1.1 204");
    }

    @Test
    void the_connection_is_kept_and_ends_when_the_client_asks_for_it() throws Exception {
        var request = "GET /v1/ping HTTP/1.1\r\nHost: x\r\n";
        var answer = api.raw(request + "\r\n" + request + "Connection: close\r\n\r\n");
        assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(3);
    }

    private Socket connect() throws IOException {
        var socket = new Socket(api.address().getHost(), api.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /// What came before the connection was cut, in whatever way.
    private static String read(Socket socket) {
        var answer = new ByteArrayOutputStream();
        try {
            for (var b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                answer.write(b);
            }
        } catch (IOException e) {
            answer.write('!');
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}
