package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import org.junit.jupiter.api.Test;

class SampleQueryTest {

    private static String sample(TypeDefinitionRegistry types) {
        return SampleQuery.of(UnExecutableSchemaGenerator.makeUnExecutableSchema(types));
    }

    private static String sample(String types) {
        return sample(new SchemaParser().parse(types));
    }

    @Test
    void it_asks_for_what_needs_no_arguments_and_shows_something() throws Exception {
        assertThat(sample(new Library().graph().schema().registry())).isEqualTo("""
                {
                  books {
                    nodes {
                      id
                      title
                      genre
                      subtitle
                      added
                      version
                    }
                    pageInfo {
                      hasNextPage
                      hasPreviousPage
                      startCursor
                      endCursor
                    }
                  }
                }
                """);
        try (var site = Site.start()) {
            var reply = site.query(sample(site.graph.schema().registry()));
            assertThat(reply.json().has("errors")).isFalse();
            assertThat(reply.data().at("/books/nodes/0/id").asText()).isEqualTo("b1");
        }
    }

    @Test
    void where_every_field_needs_an_argument_it_asks_for_the_type() {
        assertThat(sample("type Query { book(id: ID!): String }")).isEqualTo("{\n  __typename\n}\n");
        assertThat(sample("type Query { book(id: ID! = 1): String }")).isEqualTo("{\n  book\n}\n");
        assertThat(sample("type Query { self: Query! again(id: ID!): Int }")).isEqualTo("{\n  __typename\n}\n");
    }
}
