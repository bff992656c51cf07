package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Entity tags and idempotency keys.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionalTest {
    private static final String PATH = "/v1/orders/" + Shop.KNOWN;

    @AutoClose
    private final Api api = Api.shop();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "7" | 304
                    W/"7" | 304
                    "7-gzip" | 304
                    "5", "7" | 304
                    * | 304
                    "8" | 200
                    7 | 200
                    '' | 200
                    """)
    void what_the_client_has_is_not_sent_again(String tag, int status) throws Exception {
        var response = api.get(PATH, "Authorization", "Bearer ann", "If-None-Match", tag);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("ETag")).contains("\"7\"");
        assertThat(response.body().isEmpty()).isEqualTo(status == 304);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "7" | 204 |
                    "7-gzip" | 204 |
                    "7-v1" | 204 |
                    "7-v2+json-gzip" | 204 |
                    "7+json" | 204 |
                    "6-v1" | 412 | stale-version
                    "7-v" | 412 | stale-version
                    * | 204 |
                    "6" | 412 | stale-version
                    W/"7" | 412 | stale-version
                    "abc" | 412 | stale-version
                    7 | 412 | stale-version
                    "6", "7" | 204 |
                    "5", "6" | 412 | stale-version
                    ' ' | 428 | version-required
                    """)
    void a_change_names_the_version_that_it_has_seen(String tag, int status, String code) throws Exception {
        var response = api.write("PUT", PATH, Shop.ORDER, "Authorization", "Bearer clerk", "If-Match", tag);
        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 204) {
            assertThat(response.headers().firstValue("ETag")).contains("\"8\"");
        } else {
            assertThat(Api.code(response)).isEqualTo(code);
        }
    }

    @Test
    void a_change_without_a_version_is_refused() throws Exception {
        var response = api.write("PUT", PATH, Shop.ORDER, "Authorization", "Bearer clerk");
        assertThat(response.statusCode()).isEqualTo(428);
    }

    private HttpResponse<String> place(Api where, String key, String body, String... headers) throws Exception {
        var request = where.request("/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
        return where.send(headers.length == 0 ? request : request.headers(headers));
    }

    @Test
    void a_repetition_gets_the_first_answer_byte_by_byte() throws Exception {
        var first = place(api, "k1", Shop.ORDER);
        var second = place(api, "k1", Shop.ORDER);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        for (var name : Set.of("Location", "ETag", "Content-Type", "Cache-Control")) {
            assertThat(second.headers().allValues(name))
                    .isEqualTo(first.headers().allValues(name))
                    .hasSize(1);
        }
        assertThat(place(api, "k1", Shop.ORDER, "Authorization", "Bearer ann").body())
                .isEqualTo(first.body());
    }

    @Test
    void a_key_belongs_to_one_request() throws Exception {
        place(api, "k2", Shop.ORDER);
        assertThat(place(api, "k2", Shop.ORDER + " ").statusCode()).isEqualTo(201);
        var other = place(api, "k2", Shop.ORDER.replace("Ann", "Bob"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(Api.code(other)).isEqualTo("idempotency-mismatch");
    }

    @Test
    void two_keys_are_none() throws Exception {
        var refused = place(api, "k2a", Shop.ORDER, "Idempotency-Key", "k2b");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Api.code(refused)).isEqualTo("invalid-input");
    }

    @Test
    void a_refusal_frees_the_key() throws Exception {
        var refused = place(api, "k3", Shop.ORDER.replace("Ann", "Nobody"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(Api.code(refused)).isEqualTo("sold-out");
        assertThat(place(api, "k3", Shop.ORDER).statusCode()).isEqualTo(201);
    }

    @Test
    void while_the_first_is_served_a_repetition_has_to_wait() throws Exception {
        var repeated = new java.util.concurrent.atomic.AtomicReference<HttpResponse<String>>();
        var self = new java.util.concurrent.atomic.AtomicReference<Api>();
        try (var one = new Api(rest -> rest.routes(Shop.place(() -> {
            if (repeated.get() == null) {
                repeated.set(place(self.get(), "k4", Shop.ORDER));
            }
        })))) {
            self.set(one);
            assertThat(place(one, "k4", Shop.ORDER).statusCode()).isEqualTo(201);
            assertThat(repeated.get().statusCode()).isEqualTo(409);
            assertThat(repeated.get().headers().firstValue("Retry-After")).contains("1");
            assertThat(Api.code(repeated.get())).isEqualTo("idempotency-in-progress");
        }
    }

    @Test
    void work_that_fails_frees_the_key() throws Exception {
        var failed = new java.util.concurrent.atomic.AtomicBoolean();
        try (var one = new Api(rest -> rest.routes(Shop.place(() -> {
            if (!failed.getAndSet(true)) {
                throw new java.io.IOException("once");
            }
        })))) {
            assertThat(place(one, "k5", Shop.ORDER).statusCode()).isEqualTo(500);
            assertThat(place(one, "k5", Shop.ORDER).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void a_key_is_short_and_visible() throws Exception {
        assertThat(Api.fields(place(api, "a b", Shop.ORDER))).containsExactly("Idempotency-Key format");
        assertThat(Api.fields(place(api, "x".repeat(256), Shop.ORDER))).containsExactly("Idempotency-Key format");
    }
}
