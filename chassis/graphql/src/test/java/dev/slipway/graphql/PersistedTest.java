package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PersistedTest {
    private static final String LISTED = "query Title($id: ID!) { book(id: $id) { title } }";
    private static final String OTHER = "{ book(id: \"b2\") { title } }";

    @Test
    void a_document_is_registered_by_its_hash_and_found_by_it() throws Exception {
        try (var site = Site.start()) {
            var byHash = "{\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"%s\"}}}"
                    .formatted(Documents.hash(OTHER));

            var unknown = site.post(byHash, "Accept", "application/json");
            assertThat(unknown.status()).isEqualTo(200);
            assertThat(unknown.json().at("/errors/0/message").asText()).isEqualTo("PersistedQueryNotFound");

            site.post(byHash.replaceFirst("\\{", "{\"query\":\"{ book(id: \\\\\"b2\\\\\") { title } }\","));
            assertThat(site.post(byHash).data().at("/book/title").asText()).isEqualTo("Book 2");
            assertThat(site.get(
                                    "?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22"
                                            + Documents.hash(OTHER) + "%22%7D%7D",
                                    "Apollo-Require-Preflight",
                                    "true")
                            .data()
                            .at("/book/title")
                            .asText())
                    .isEqualTo("Book 2");
        }
    }

    @Test
    void nobody_registers_a_document_under_a_hash_that_is_not_its_own() throws Exception {
        try (var site = Site.start()) {
            var reply = site.post(
                    "{\"query\":\"{ broken }\",\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"%s\"}}}"
                            .formatted(Documents.hash(OTHER)));

            assertThat(reply.code()).isEqualTo("persisted-query-mismatch");
        }
    }

    @Test
    void where_only_listed_documents_are_served_no_other_is() throws Exception {
        try (var site = Site.start("--graphql.documents=allowed")) {
            assertThat(site.query(LISTED, "{\"id\":\"b1\"}")
                            .data()
                            .at("/book/title")
                            .asText())
                    .isEqualTo("Book 1");
            assertThat(site.post(
                                    "{\"variables\":{\"id\":\"b1\"},\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"%s\"}}}"
                                            .formatted(Documents.hash(LISTED)))
                            .data()
                            .at("/book/title")
                            .asText())
                    .isEqualTo("Book 1");
            var other = site.query(OTHER);
            assertThat(other.status()).isEqualTo(403);
            assertThat(other.code()).isEqualTo("document-not-allowed");
            assertThat(site.query(LISTED + " ", "{\"id\":\"b1\"}").code()).isEqualTo("document-not-allowed");
        }
    }

    @Test
    void in_production_neither_the_schema_nor_the_page_is_served() throws Exception {
        try (var site = Site.startIn("production")) {
            assertThat(site.query("{ __schema { types { name } } }").code()).isEqualTo("graphql-introspection-off");
            assertThat(site.get("/../graphiql").status()).isEqualTo(404);
        }
        try (var site = Site.start()) {
            assertThat(site.query("{ __schema { queryType { name } } }")
                            .data()
                            .at("/__schema/queryType/name")
                            .asText())
                    .isEqualTo("Query");
        }
    }

    @Test
    void settings_that_make_no_sense_are_refused_together() {
        assertThatThrownBy(() -> Site.start("--graphql.max-depth=0", "--graphql.max-tokens=1")
                        .close())
                .hasMessageContaining("max-tokens");
    }
}
