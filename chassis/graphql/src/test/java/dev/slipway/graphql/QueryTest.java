package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final String KEY = "Idempotency-Key";

    private Site site;

    @BeforeEach
    void start() throws InterruptedException {
        site = Site.start();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void a_field_is_answered_by_its_operation_and_its_properties_by_the_record() {
        var reply = site.query(
                "query Read($id: ID!) { book(id: $id) { id title genre subtitle added version } }", "{\"id\":\"b1\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.response().headers().firstValue("Content-Type"))
                .hasValue("application/graphql-response+json; charset=utf-8");
        assertThat(reply.response().body())
                .isEqualTo(
                        "{\"data\":{\"book\":{\"id\":\"b1\",\"title\":\"Book 1\",\"genre\":\"FICTION\",\"subtitle\":\"The first\",\"added\":\"2026-01-01T12:00:00Z\",\"version\":1}}}");
        assertThat(site.library.operations).containsExactly("readBook");
    }

    @Test
    void what_is_absent_is_null_and_not_left_out() {
        assertThat(site.query("{ book(id: \"b2\") { subtitle } }").response().body())
                .isEqualTo("{\"data\":{\"book\":{\"subtitle\":null}}}");
    }

    @Test
    void a_refusal_is_an_error_beside_the_data_with_its_code_kind_path_and_request_id() {
        var reply = site.query("{ book(id: \"b9\") { title } }", "{}", "X-Request-Id", "r-1");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.data().get("book").isNull()).isTrue();
        var error = reply.json().at("/errors/0");
        assertThat(error.get("message").asText()).isEqualTo("There is no such book.");
        assertThat(error.get("path").toString()).isEqualTo("[\"book\"]");
        assertThat(error.at("/extensions").toString())
                .isEqualTo(
                        "{\"code\":\"not-found\",\"kind\":\"not-found\",\"retry\":\"after-change\",\"requestId\":\"r-1\"}");
        assertThat(reply.response().headers().firstValue("X-Request-Id")).hasValue("r-1");
    }

    @Test
    void an_unforeseen_failure_tells_nothing_of_the_inside() {
        var reply = site.query("{ broken book(id: \"b1\") { title } }");

        assertThat(reply.data().at("/book/title").asText()).isEqualTo("Book 1");
        assertThat(reply.code()).isEqualTo("internal-error");
        assertThat(reply.response().body())
                .doesNotContain("SELECT")
                .doesNotContain("Exception")
                .doesNotContain("dev.slipway");
    }

    @Test
    void a_failure_where_null_is_not_allowed_takes_its_parent_away() {
        var reply = site.query("{ brokenFirmly }");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().has("data")).isTrue();
        assertThat(reply.data().isNull()).isTrue();
        assertThat(reply.json().get("errors")).hasSize(1);
    }

    @Test
    void the_policy_of_the_operation_decides_whoever_asks_by_whatever_protocol() {
        assertThat(site.query("{ secret }").code()).isEqualTo("token-required");
        assertThat(site.query("{ secret }", "{}", "Authorization", "Bearer ann").code())
                .isEqualTo("forbidden");
        assertThat(site.query("{ secret }", "{}", "Authorization", "Bearer admin")
                        .data()
                        .get("secret")
                        .asText())
                .isEqualTo("hidden");
    }

    @Test
    void a_token_that_proves_nothing_is_refused_before_anything_is_done() {
        var reply = site.query("{ book(id: \"b1\") { title } }", "{}", "Authorization", "Bearer bad");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.code()).isEqualTo("invalid-token");
        assertThat(reply.json().has("data")).isFalse();
        assertThat(site.library.operations).isEmpty();
    }

    @Test
    void an_error_says_whether_the_same_request_is_worth_trying_again() {
        assertThat(retry(site.query("{ books(first: 101) { nodes { id } } }"))).isEqualTo("never");
        assertThat(retry(site.query("{ secret }"))).isEqualTo("after-change");
    }

    private static String retry(Site.Reply refused) {
        return refused.json().at("/errors/0/extensions/retry").asText();
    }

    @Test
    void a_list_is_read_page_by_page_until_its_end() {
        var first =
                site.query("{ books(first: 3) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }");
        var cursor = first.data().at("/books/pageInfo/endCursor").asText();

        assertThat(first.data().at("/books/edges").size()).isEqualTo(3);
        assertThat(first.data().at("/books/edges/2/cursor").asText()).isEqualTo(cursor);
        assertThat(first.data().at("/books/pageInfo/hasNextPage").asBoolean()).isTrue();

        var second = site.query(
                "query Next($after: String) { books(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage } } }",
                "{\"after\":\"" + cursor + "\"}");
        assertThat(second.data().at("/books/nodes").toString()).isEqualTo("[{\"id\":\"b4\"},{\"id\":\"b5\"}]");
        assertThat(second.data().at("/books/pageInfo/hasNextPage").asBoolean()).isFalse();
    }

    @Test
    void a_page_that_is_too_large_or_a_forged_cursor_is_refused_with_the_field() {
        assertThat(site.query("{ books(first: 101) { nodes { id } } }")
                        .json()
                        .at("/errors/0/extensions/fields/0/field")
                        .asText())
                .isEqualTo("limit");
        assertThat(site.query("{ books(after: \"x\") { nodes { id } } }").code())
                .isEqualTo("invalid-input");
    }

    @Test
    void what_belongs_to_many_objects_is_loaded_once_for_each_level() {
        var reply = site.query(
                "{ shelf(limit: 5) { reviews { stars text } author { name books { title author { name } } } } }");

        assertThat(reply.json().has("errors")).isFalse();
        assertThat(reply.data().at("/shelf/1/reviews").toString()).isEqualTo("[]");
        assertThat(reply.data().at("/shelf/4/author/books/0/author/name").asText())
                .isEqualTo("Bob");
        assertThat(site.library.reviewLoads).hasSize(1);
        assertThat(site.library.reviewLoads.getFirst().size()).isEqualTo(5);
        // The authors of the second level are those of the first: nothing is loaded twice.
        assertThat(site.library.authorLoads).hasSize(1);
        assertThat(site.library.authorLoads.getFirst().equals(Set.of("Ann", "Bob")))
                .isTrue();
    }

    @Test
    void the_batch_of_a_level_is_one_for_all_root_fields() {
        site.query("{ one: book(id: \"b1\") { reviews { stars } } two: book(id: \"b3\") { reviews { stars } } }");

        assertThat(site.library.reviewLoads).hasSize(1);
    }

    @Test
    void root_fields_of_a_query_are_worked_on_at_the_same_time() {
        var reply = site.query("{ one: meet(name: \"a\") two: meet(name: \"b\") }");

        assertThat(reply.response().body()).isEqualTo("{\"data\":{\"one\":true,\"two\":true}}");
    }

    @Test
    void mutations_are_done_one_after_the_other() {
        var reply = site.query(
                "mutation { a: removeBook(id: \"b1\") b: addBook(input: {title: \"New\", genre: FICTION, author: \"Ann\"}) { ... on Book { id } } c: removeBook(id: \"b2\") }",
                "{}",
                "Authorization",
                "Bearer ann");

        assertThat(reply.data().toString()).isEqualTo("{\"a\":true,\"b\":{\"id\":\"b6\"},\"c\":true}");
        assertThat(site.library.operations).containsExactly("removeBook", "addBook", "removeBook");
    }

    @Test
    void a_foreseen_refusal_of_a_mutation_is_data_of_its_own_type() {
        var add = "mutation Add($input: AddBook!) { addBook(input: $input) { __typename ... on Book { title } "
                + "... on Refusal { code message } ... on InvalidInput { fields { field code } } } }";

        assertThat(site.query(add, "{\"input\":{\"title\":\"Book 1\",\"genre\":\"FICTION\",\"author\":\"Ann\"}}")
                        .data()
                        .get("addBook")
                        .toString())
                .isEqualTo(
                        "{\"__typename\":\"TitleTaken\",\"code\":\"title-taken\",\"message\":\"There is such a book.\"}");
        assertThat(site.query(add, "{\"input\":{\"title\":\"B\",\"genre\":\"FICTION\",\"author\":\"Ann\"}}")
                        .data()
                        .at("/addBook/fields")
                        .toString())
                .isEqualTo("[{\"field\":\"title\",\"code\":\"size\"}]");
    }

    @Test
    void an_idempotency_key_makes_a_repetition_the_same_answer() {
        var add =
                "mutation { addBook(idempotencyKey: \"k1\", input: {title: \"Once\", genre: SCIENCE, author: \"Ann\"}) { ... on Book { id title } } }";

        var first = site.query(add);
        var second = site.query(add);

        assertThat(second.response().body()).isEqualTo(first.response().body());
        assertThat(first.data().at("/addBook/title").asText()).isEqualTo("Once");
        assertThat(site.library.operations).containsExactly("addBook");
    }

    @Test
    void the_header_of_other_protocols_is_the_key_of_a_single_mutation() {
        var add = "mutation { addBook(input: {title: \"By header\", genre: SCIENCE, author: \"Ann\"}) "
                + "{ ... on Book { id title } } }";

        var first = site.query(add, "{}", KEY, "h1");
        var second = site.query(add, "{}", KEY, "h1");

        assertThat(first.data().at("/addBook/title").asText()).isEqualTo("By header");
        assertThat(second.response().body()).isEqualTo(first.response().body());
        assertThat(site.library.operations).containsExactly("addBook");
        assertThat(site.query(add.replace("{ ...", "{ __typename ..."), "{}", KEY, "h1", KEY, "h2")
                        .data()
                        .at("/addBook/__typename")
                        .asText())
                .isEqualTo("InvalidInput");
        var other = add.replace("(input", "(idempotencyKey: \"other\", input").replace("{ ...", "{ __typename ...");
        assertThat(site.query(other, "{}", KEY, "h1")
                        .data()
                        .at("/addBook/__typename")
                        .asText())
                .isEqualTo("InvalidInput");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ book(id: \"b1\") { title } }",
                "mutation { renameBook(id: \"b1\", title: \"X\", expectedVersion: 1) { version } }",
                "mutation { one: removeBook(id: \"b1\") two: removeBook(id: \"b2\") }",
                "subscription { idle }"
            })
    void a_key_that_would_change_nothing_is_refused(String document) {
        assertThat(site.query(document, "{}", KEY, "h2").code()).isEqualTo("idempotency-unsupported");
        assertThat(site.library.operations).isEmpty();
    }

    @Test
    void a_change_says_which_version_it_has_seen() {
        var rename =
                "mutation Rename($v: Long) { renameBook(id: \"b1\", title: \"Changed\", expectedVersion: $v) { version } }";

        assertThat(site.query(rename, "{}").code()).isEqualTo("version-required");
        assertThat(site.query(rename, "{\"v\":7}").code()).isEqualTo("stale-version");
        assertThat(site.query(rename, "{\"v\":1}")
                        .data()
                        .at("/renameBook/version")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void a_client_that_knows_only_json_gets_200_for_whatever_is_wrong_with_its_document() {
        var reply = site.query("{ nothing }", "{}", "Accept", "application/json");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.code()).isEqualTo("graphql-validation-failed");
        assertThat(reply.response().headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(site.query("{ nothing }").status()).isEqualTo(400);
    }

    @Test
    void a_query_goes_by_get_too_and_a_mutation_does_not() {
        assertThat(site.get("?query=%7Bbook(id:%22b1%22)%7Btitle%7D%7D", "GraphQL-Require-Preflight", "1")
                        .data()
                        .at("/book/title")
                        .asText())
                .isEqualTo("Book 1");
        var reply = site.get(
                "?query=mutation%7BremoveBook(id:%22b1%22)%7D",
                "GraphQL-Require-Preflight", "1", "Authorization", "Bearer ann", "Accept", "application/json");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.code()).isEqualTo("graphql-query-required");
        assertThat(site.library.operations).containsExactly("readBook");
    }

    @Test
    void calls_are_counted_by_field_and_ending() {
        site.query("{ book(id: \"b1\") { title } }");
        site.query("{ book(id: \"b9\") { title } }");
        site.query("{ broken }");

        assertThat(site.meters
                        .get("graphql.server.fields")
                        .tags("field", "Query.book", "outcome", "done")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(site.meters
                        .get("graphql.server.fields")
                        .tags("field", "Query.book", "outcome", "refused")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(site.meters
                        .get("graphql.server.fields")
                        .tags("field", "Query.broken", "outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/json;q=0, text/event-stream                  | text/event-stream
                    text/event-stream, application/json;q=0.1                | text/event-stream
                    application/graphql-response+json;q=0, application/json  | application/json
                    application/json, */*;q=0.1                              | application/json
                    application/json;q=0.5, application/graphql-response+json | application/graphql-response+json
                    */*                                                      | application/graphql-response+json
                    x/graphql-response+json, application/*                   | application/graphql-response+json
                    """)
    void the_media_type_that_is_wanted_most_is_answered(String accept, String type) throws Exception {
        var reply = site.query("{ __typename }", "{}", "Accept", accept);
        assertThat(reply.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith(type);
    }
}
