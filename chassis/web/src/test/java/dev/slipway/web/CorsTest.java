package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsTest {
    private static final String ORIGIN = "https://shop.example.com";

    @AutoClose
    private final Api api = Api.shop("--http.cors-origins=" + ORIGIN + ",https://admin.example.com");

    private HttpResponse<String> preflight(Api from, String path, String origin) throws Exception {
        return from.send(from.request(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .headers("Origin", origin, "Access-Control-Request-Method", "PUT"));
    }

    private static String allowed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Access-Control-Allow-Origin").orElse("");
    }

    @Test
    void a_page_of_a_known_origin_may_see_answers_and_refusals() throws Exception {
        var answer = api.get("/v1/ping", "Origin", ORIGIN);
        assertThat(allowed(answer)).isEqualTo(ORIGIN);
        assertThat(answer.headers().allValues("Vary")).containsExactly("Accept, Origin");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag");
        assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-credentials");
        assertThat(allowed(api.get("/v1/nowhere", "Origin", ORIGIN))).isEqualTo(ORIGIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example.com.evil.org",
                "http://shop.example.com",
                "https://shop.example.com:444",
                "https://SHOP.example.com",
                "null"
            })
    void a_page_of_another_origin_may_not(String origin) throws Exception {
        var answer = api.get("/v1/ping", "Origin", origin);
        assertThat(allowed(answer)).isEmpty();
        assertThat(answer.headers().allValues("Vary")).containsExactly("Accept, Origin");
        assertThat(preflight(api, "/v1/orders/" + Shop.KNOWN, origin).statusCode())
                .isEqualTo(405);
    }

    @Test
    void a_browser_is_told_beforehand_what_it_may_send() throws Exception {
        var answer = preflight(api, "/v1/orders/" + Shop.KNOWN, ORIGIN);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(allowed(answer)).isEqualTo(ORIGIN);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods")).contains("DELETE, GET, HEAD, PUT");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization", "If-Match", "Idempotency-Key", "X-Correlation-Id", "traceparent", "baggage");
        assertThat(answer.headers().firstValue("Access-Control-Max-Age")).contains("7200");
    }

    @Test
    void without_the_setting_no_page_of_another_origin_may_call() throws Exception {
        try (var closed = Api.shop()) {
            assertThat(allowed(closed.get("/v1/ping", "Origin", ORIGIN))).isEmpty();
            assertThat(preflight(closed, "/v1/orders/" + Shop.KNOWN, ORIGIN).statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void an_open_service_names_the_origin_that_asks() throws Exception {
        try (var open = Api.shop("--http.cors-origins=*")) {
            assertThat(allowed(open.get("/v1/ping", "Origin", "https://any.example.org")))
                    .isEqualTo("https://any.example.org");
        }
    }
}
