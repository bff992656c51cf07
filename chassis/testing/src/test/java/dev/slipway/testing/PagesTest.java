package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.testing.notes.NoteApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PagesTest {

    @RegisterExtension
    static final TestService service = TestService.of(new NoteApp());

    @Test
    void the_pages_of_a_service_work_in_a_browser() {
        Pages.work(service, "writer");
    }

    @Test
    void the_home_page_is_json_for_who_is_no_browser() {
        var home = service.anonymous().get("/").expect(200).expectHeader("Content-Type", "application/json");
        assertThat(home.body())
                .startsWith("{\"service\":\"note-service\",\"environment\":\"test\",\"links\":[")
                .contains("{\"name\":\"API\",\"href\":\"/docs\"}")
                .contains("{\"name\":\"Metrics\",\"href\":\"" + service.address("management") + "/metrics\"}");

        assertThat(service.management().get("/").expect(200).body())
                .contains("{\"name\":\"API\",\"href\":\"" + service.address("http") + "/docs\"}")
                .contains("{\"name\":\"Metrics\",\"href\":\"/metrics\"}");
        service.management().get("/nothing").expect(404);
        service.anonymous().get("/nothing").expectProblem(404, "not-found");
    }

    @Test
    void a_page_that_is_empty_or_complains_or_leads_nowhere_is_found() throws IOException {
        try (var browser = Browser.open(Duration.ofSeconds(2))) {
            var empty = "<h1>No API definition provided.</h1>";
            assertFails(browser, Map.of("/", "<a href='/docs'>API</a>", "/docs", empty), "opblock");
            assertFails(browser, Map.of("/", "<p>nothing here</p>"), "links of");
            assertFails(browser, Map.of("/", "<a href='/gone'>API</a>"), "404");
            assertFails(browser, Map.of("/", "<a href='/'>API</a><script>throw new Error('oh')</script>"), "oh");
        }
    }

    private static void assertFails(Browser browser, Map<String, String> pages, String message) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            var page = pages.get(exchange.getRequestURI().getPath());
            var body = ("<!doctype html><link rel='icon' href='data:,'>" + page).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(page == null ? 404 : 200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        try {
            var home = URI.create("http://localhost:" + server.getAddress().getPort());
            assertThatThrownBy(() -> new Pages(browser, List.of()).home(home)).hasMessageContaining(message);
        } finally {
            server.stop(0);
        }
    }
}
