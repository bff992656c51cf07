package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestReplyTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = exchange.getRequestURI().getQuery().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Colour", "red");
            exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
            exchange.sendResponseHeaders(409, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new TestClient(
                http, URI.create("http://localhost:" + server.getAddress().getPort()), List.of());
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private TestReply answering(String body) {
        return client.get("/a?" + URLEncoder.encode(body, StandardCharsets.UTF_8));
    }

    @Test
    void an_expectation_that_holds_can_be_followed_by_another() {
        answering("{\"code\":\"taken\",\"items\":[{\"id\":7}]}")
                .expect(409)
                .expectProblem(409, "taken")
                .expectHeader("X-Colour", "red")
                .expectHeader("X-Shape", "")
                .expectText("/items/0/id", "7")
                .expectText("/items/1/id", "");
    }

    @Test
    void an_expectation_that_fails_shows_the_request_and_the_whole_answer() {
        var reply = answering("{\"code\":\"100%n-taken%s\"}");

        Stream.<ThrowingCallable>of(
                        () -> reply.expect(200),
                        () -> reply.expectProblem(400, "taken"),
                        () -> reply.expectProblem(409, "other"),
                        () -> reply.expectHeader("X-Colour", "blue"),
                        () -> reply.expectText("/code", "other"))
                .forEach(expectation -> assertThatThrownBy(expectation)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("GET /a?")
                        .hasMessageContaining("→ 409")
                        .hasMessageContaining("x-colour: red")
                        .hasMessageContaining("{\"code\":\"100%n-taken%s\"}"));
    }

    @Test
    void a_body_that_is_not_json_is_shown() {
        var reply = answering("<html>");

        assertThat(reply.body()).isEqualTo("<html>");
        assertThatThrownBy(reply::json).isInstanceOf(AssertionError.class).hasMessageContaining("<html>");
    }
}
