package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AttackTest {
    @AutoClose
    private static final Site site = Site.start("--graphql.max-body-size=20KB", "--graphql.introspection=off");

    @Test
    void a_document_of_too_many_tokens_is_not_read_to_its_end() {
        assertRefused("{ " + "broken ".repeat(2500) + "}", "graphql-too-long");
    }

    @Test
    void a_document_that_is_nested_too_deeply_is_refused() {
        assertRefused(
                "{ author(name: \"Ann\") { " + "books { author { ".repeat(8) + "name" + " } }".repeat(8) + "} }",
                "graphql-too-deep");
    }

    @Test
    void depth_counts_through_fragments() {
        var deep = new StringBuilder("{ author(name: \"Ann\") { ...F0 } }");
        for (var i = 0; i < 8; i++) {
            deep.append(" fragment F%s on Author { books { author { ...F%s } } }".formatted(i, i + 1));
        }
        assertRefused(deep + " fragment F8 on Author { name }", "graphql-too-deep");
    }

    @Test
    void syntax_that_is_nested_without_end_is_refused() {
        assertRefused("{ book(id: " + "[".repeat(1500) + "]".repeat(400) + ") { id } }", "");
    }

    @Test
    void too_many_aliases_are_refused() {
        var aliases = new StringBuilder("{");
        for (var i = 0; i < 31; i++) {
            aliases.append(" a%s: broken".formatted(i));
        }
        assertRefused(aliases + "}", "graphql-too-many-aliases");
    }

    @Test
    void too_many_directives_are_refused() {
        assertRefused("{ broken " + "@skip(if: false) ".repeat(31) + "}", "graphql-too-many-directives");
    }

    @Test
    void fragments_that_contain_themselves_are_refused() {
        assertRefused(
                "{ author(name: \"A\") { ...A } } fragment A on Author { books { author { ...B } } } fragment B on Author { books { author { ...A } } }",
                "graphql-fragment-cycle");
    }

    @Test
    void the_size_of_lists_multiplies_the_cost() {
        assertRefused("{ books(first: 100) { nodes { reviews(first: 100) { stars text } } } }", "graphql-too-costly");
        assertRefused(
                "query Q($n: Int) { books(first: $n) { nodes { reviews(first: $n) { stars text } } } }",
                "{\"n\":100}",
                "graphql-too-costly");
        assertThat(site.query(
                                "query Q($n: Int) { books(first: $n) { nodes { reviews(first: $n) { stars } } } }",
                                "{\"n\":5}")
                        .json()
                        .has("errors"))
                .isFalse();
    }

    @Test
    void fragments_that_double_at_each_level_cost_what_they_would_cost_written_out() {
        var bomb = new StringBuilder("{ author(name: \"Ann\") { ...F0 } }");
        for (var i = 0; i < 60; i++) {
            bomb.append(" fragment F%s on Author { ...F%s ...F%s }".formatted(i, i + 1, i + 1));
        }
        assertRefused(bomb + " fragment F60 on Author { name }", "graphql-too-costly");
    }

    @Test
    void the_schema_cannot_be_asked_for_where_that_is_off() {
        assertRefused("{ __schema { types { name } } }", "graphql-introspection-off");
        assertRefused("{ ...F } fragment F on Query { __type(name: \"Book\") { name } }", "graphql-introspection-off");
        assertThat(site.query("{ __typename }").data().get("__typename").asText())
                .isEqualTo("Query");
    }

    @Test
    void a_misspelt_field_gets_no_suggestions() {
        assertThat(site.query("{ bok(id: \"b1\") { titel } }").response().body())
                .contains("bok")
                .doesNotContain("\"book\"")
                .doesNotContain("book(")
                .doesNotContainIgnoringCase("did you mean");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"query\":\"{broken}\"},{\"query\":\"{broken}\"}]",
                "\"{broken}\"",
                "7",
                "{}",
                "null",
                ""
            })
    void batches_and_what_is_no_request_are_refused(String body) {
        var reply = site.post(body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().has("data")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\": 7}",
                "{\"query\":\"{broken}\", \"variables\": []}",
                "{\"query\":\"{broken}\", \"query\":\"{broken}\"}",
                "{\"query\":\"{broken}\", \"operationName\": {}}",
                "{\"query\":\"{broken}\", \"extensions\": {\"persistedQuery\": 1}}",
                "{\"query\":\"{broken}\"",
                "{\"query\":\"{broken}\"} trailing"
            })
    void malformed_requests_are_refused(String body) {
        assertThat(site.post(body).status()).isEqualTo(400);
        assertThat(site.post(body, "Accept", "application/json").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "{ book(id: }",
                "type Query { a: Int }",
                "{ book(id: \"\\uD83D\") { id } }",
                "query A { broken } query B { broken }",
                "\\u0000"
            })
    void malformed_documents_are_refused(String document) {
        var reply = site.query(document);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.response().body()).doesNotContain("Exception").doesNotContain("antlr");
    }

    @Test
    void variables_of_the_wrong_type_are_refused_without_naming_classes() {
        var reply = site.query("query Q($n: Int) { books(first: $n) { nodes { id } } }", "{\"n\":\"x\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.response().body()).doesNotContain("java").doesNotContain("Exception");
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
        var reply = site.post("{\"query\":\"" + " ".repeat(30_000) + "\"}");

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("body-too-large");
    }

    @Test
    void a_request_that_a_page_of_another_site_could_send_is_refused() {
        for (var type : List.of("text/plain", "application/x-www-form-urlencoded")) {
            var reply = site.post("{\"query\":\"{broken}\"}", "Content-Type", type);
            assertThat(reply.status()).as(type).isEqualTo(415);
        }
        assertThat(site.get("?query=%7Bbroken%7D").code()).isEqualTo("preflight-required");
    }

    @Test
    void an_answer_that_nobody_understands_is_not_made() {
        assertThat(site.query("{ broken }", "{}", "Accept", "text/html").status())
                .isEqualTo(406);
    }

    @Test
    void work_that_is_late_is_interrupted() throws Exception {
        try (var impatient = Site.start("--graphql.request-timeout=300ms")) {
            var reply = impatient.query("{ wait }");

            assertThat(reply.code()).isEqualTo("deadline-exceeded");
            assertThat(impatient.library.interrupted.await(5, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(impatient.query("{ one: wait two: wait }").code()).isEqualTo("deadline-exceeded");
            assertThat(impatient.query("{ book(id: \"b1\") { title } }").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_caller_who_asks_for_too_much_has_to_wait_and_others_do_not() throws Exception {
        try (var strict = Site.start("--graphql.cost-per-minute=25")) {
            assertThat(strict.query("{ broken }", "{}", "Authorization", "Bearer ann")
                            .status())
                    .isEqualTo(200);
            assertThat(strict.query("{ broken }", "{}", "Authorization", "Bearer ann")
                            .status())
                    .isEqualTo(200);
            var reply = strict.query("{ broken }", "{}", "Authorization", "Bearer ann");
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.response().headers().firstValue("Retry-After")).isPresent();
            assertThat(strict.query("{ broken }", "{}", "Authorization", "Bearer bob")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_answers_are_not_cached_or_sniffed() {
        var headers = site.query("{ broken }").response().headers();

        assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    private static void assertRefused(String document, String code) {
        assertRefused(document, "{}", code);
    }

    private static void assertRefused(String document, String variables, String code) {
        var begin = System.nanoTime();
        var reply = site.query(document, variables);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().has("data")).isFalse();
        if (!code.isEmpty()) {
            assertThat(reply.code()).isEqualTo(code);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
}
