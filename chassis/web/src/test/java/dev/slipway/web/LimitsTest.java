package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitsTest {
    private static final String[] TWO_AN_HOUR = {
        "--limits.rules.all.by=caller", "--limits.rules.all.requests=2", "--limits.rules.all.per=1h"
    };

    @Test
    void a_caller_is_told_what_is_left_and_then_when_to_come_back() throws Exception {
        try (var api = Api.shop(TWO_AN_HOUR)) {
            var first = api.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer ann");
            assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"all\";q=2;w=3600");
            assertThat(first.headers().firstValue("RateLimit")).contains("\"all\";r=1;t=1800");
            api.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer ann");
            var refused = api.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer ann");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Api.code(refused)).isEqualTo("rate-limited");
            assertThat(Long.parseLong(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1L, 1800L);
            assertThat(refused.headers().firstValue("RateLimit").orElseThrow()).startsWith("\"all\";r=0;");
            assertThat(api.get("/v1/orders/" + Shop.KNOWN, "Authorization", "Bearer bob")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_client_gains_nothing_by_inventing_addresses() throws Exception {
        try (var api = Api.shop(TWO_AN_HOUR)) {
            for (var i = 0; i < 2; i++) {
                assertThat(api.get("/v1/ping", "X-Forwarded-For", "203.0.113." + i)
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(api.get("/v1/ping", "X-Forwarded-For", "203.0.113.9").statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void clients_behind_a_trusted_proxy_are_told_apart() throws Exception {
        try (var api = Api.shop(
                "--limits.trusted-proxies=127.0.0.1,::1",
                "--limits.rules.flood.by=address",
                "--limits.rules.flood.requests=1",
                "--limits.rules.flood.per=1h")) {
            assertThat(api.get("/v1/ping", "X-Forwarded-For", "6.6.6.6, 203.0.113.1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(api.get("/v1/ping", "X-Forwarded-For", "203.0.113.2").statusCode())
                    .isEqualTo(200);
            assertThat(api.get("/v1/ping", "X-Forwarded-For", "7.7.7.7, 203.0.113.1")
                            .statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void a_flood_of_bad_tokens_ends_before_they_are_looked_at() throws Exception {
        try (var api = Api.shop(
                "--limits.rules.flood.by=address", "--limits.rules.flood.requests=3", "--limits.rules.flood.per=1h")) {
            for (var i = 0; i < 3; i++) {
                assertThat(api.get("/v1/ping", "Authorization", "Bearer bad").statusCode())
                        .isEqualTo(401);
            }
            assertThat(api.get("/v1/ping", "Authorization", "Bearer bad").statusCode())
                    .isEqualTo(429);
        }
    }
}
