package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rate limits, by each transport.
@Timeout(60)
class LimitsTest {
    private static final String[] TWO_AN_HOUR = {
        "--limits.rules.all.by=caller", "--limits.rules.all.requests=2", "--limits.rules.all.per=1h"
    };
    private static final String TITLE = "{ book(id: \"b1\") { title } }";

    private static Site.Reply title(Site site, String who, String... headers) {
        var all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + who;
        return site.query(TITLE, "{}", all);
    }

    private static String header(Site.Reply reply, String name) {
        return reply.response().headers().firstValue(name).orElse("");
    }

    @Test
    void a_caller_is_told_what_is_left_and_then_when_to_come_back_and_others_are_not_affected() throws Exception {
        try (var site = Site.start(TWO_AN_HOUR)) {
            var first = title(site, "ann");
            assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"all\";q=2;w=3600");
            assertThat(header(first, "RateLimit")).isEqualTo("\"all\";r=1;t=1800");
            assertThat(title(site, "ann").data().at("/book/title").asText()).isEqualTo("Book 1");

            var refused = title(site, "ann");
            assertThat(refused.code()).isEqualTo("rate-limited");
            assertThat(refused.data().get("book").isNull()).isTrue();
            assertThat(Long.parseLong(header(refused, "Retry-After"))).isBetween(1L, 1800L);
            assertThat(refused.json().at("/errors/0/extensions/retryAfter").asText())
                    .isEqualTo(header(refused, "Retry-After"));
            assertThat(header(refused, "RateLimit")).isEqualTo("\"all\";r=0;t=" + header(refused, "Retry-After"));
            assertThat(site.library.operations).containsExactly("readBook", "readBook");

            assertThat(title(site, "bob").data().at("/book/title").asText()).isEqualTo("Book 1");
        }
    }

    @Test
    void every_field_that_is_an_operation_counts() throws Exception {
        try (var site = Site.start(TWO_AN_HOUR)) {
            var reply = site.query(
                    "{ one: book(id: \"b1\") { title } two: book(id: \"b2\") { title } three: book(id: \"b3\") { title } }",
                    "{}",
                    "Authorization",
                    "Bearer ann");

            assertThat(reply.json().get("errors")).hasSize(1);
            assertThat(reply.code()).isEqualTo("rate-limited");
            assertThat(site.library.operations).hasSize(2);
        }
    }

    @Test
    void of_several_fields_the_one_that_is_waited_for_longest_is_told() throws Exception {
        try (var site = Site.start(
                "--limits.rules.books.by=caller",
                "--limits.rules.books.operations=readBook",
                "--limits.rules.books.requests=1",
                "--limits.rules.books.per=3h",
                "--limits.rules.pages.by=caller",
                "--limits.rules.pages.operations=listBooks",
                "--limits.rules.pages.requests=1",
                "--limits.rules.pages.per=1h")) {
            var both = "{ book(id: \"b1\") { title } books { nodes { title } } }";
            site.query(both, "{}", "Authorization", "Bearer ann");

            var refused = site.query(both, "{}", "Authorization", "Bearer ann");

            var wait = header(refused, "Retry-After");
            assertThat(Long.parseLong(wait)).isBetween(9_000L, 10_800L);
            assertThat(header(refused, "RateLimit")).isEqualTo("\"books\";r=0;t=" + wait);
            assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"books\";q=1;w=10800");
        }
    }

    @Test
    void operations_by_websocket_and_by_events_are_of_the_same_budget() throws Exception {
        try (var site = Site.start(TWO_AN_HOUR);
                var ann = Talk.begin(site, "Authorization", "Bearer ann");
                var bob = Talk.begin(site, "Authorization", "Bearer bob")) {
            assertThat(title(site, "ann", "Accept", "text/event-stream")
                            .response()
                            .body())
                    .contains("Book 1");
            ann.subscribe("1", "{ book(id: \\\"b1\\\") { title } }");
            assertThat(ann.expect("next").at("/payload/data/book/title").asText())
                    .isEqualTo("Book 1");
            ann.expect("complete");

            ann.subscribe("2", "{ book(id: \\\"b1\\\") { title } }");
            assertThat(ann.expect("next")
                            .at("/payload/errors/0/extensions/code")
                            .asText())
                    .isEqualTo("rate-limited");
            ann.expect("complete");
            ann.subscribe("3", "subscription { count(to: 1) }");
            assertThat(ann.refusal()).isEqualTo("rate-limited");

            bob.subscribe("1", "subscription { count(to: 1) }");
            assertThat(bob.expect("next").at("/payload/data/count").asInt()).isEqualTo(1);
        }
    }

    @Test
    void a_flood_from_one_address_ends_before_tokens_are_looked_at() throws Exception {
        try (var site = Site.start(
                "--limits.trusted-proxies=127.0.0.1,::1",
                "--limits.rules.flood.by=address",
                "--limits.rules.flood.requests=2",
                "--limits.rules.flood.per=1h")) {
            for (var i = 0; i < 2; i++) {
                assertThat(title(site, "bad", "X-Forwarded-For", "203.0.113.1").status())
                        .isEqualTo(401);
            }
            var refused = title(site, "bad", "X-Forwarded-For", "203.0.113.1");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.code()).isEqualTo("rate-limited");
            assertThat(header(refused, "Retry-After")).isNotEmpty();
            try (var flooded = Talk.open(site, "X-Forwarded-For", "203.0.113.1")) {
                flooded.say("{\"type\":\"connection_init\"}");
                assertThat(flooded.closed()).isEqualTo(SocketCodes.FORBIDDEN);
            }
            assertThat(title(site, "ann", "X-Forwarded-For", "203.0.113.2").status())
                    .isEqualTo(200);
            Talk.begin(site, "X-Forwarded-For", "203.0.113.2").close();
        }
    }
}
