package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graphql.schema.GraphQLSchema;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import graphql.schema.idl.errors.SchemaProblem;
import org.junit.jupiter.api.Test;

class StandardTypesTest {
    private static GraphQLSchema schema(String sdl) {
        return UnExecutableSchemaGenerator.makeUnExecutableSchema(
                StandardTypes.complete(sdl).registry());
    }

    @Test
    void what_is_named_and_not_defined_is_added_with_all_that_it_needs() {
        var schema = schema("""
                type Query { books: BookConnection! add: Added }
                type Book { id: ID! at: DateTime! }
                union Added = Book | InvalidInput
                """);

        assertThat(schema.getObjectType("BookConnection").getFieldDefinitions())
                .extracting(field -> field.getName())
                .containsExactly("edges", "nodes", "pageInfo");
        assertThat(schema.getObjectType("BookEdge").getFieldDefinitions())
                .extracting(field -> field.getName())
                .containsExactly("node", "cursor");
        assertThat(schema.getTypeMap())
                .containsKeys("DateTime", "PageInfo", "Refusal", "InvalidInput", "FieldError")
                .doesNotContainKeys("Date", "Long", "NotFound", "StaleVersion");
    }

    @Test
    void what_only_an_extension_names_is_added() {
        var schema = schema("type Query { one: Int } extend type Query { at: Date }");

        assertThat(schema.getTypeMap()).containsKey("Date");
    }

    @Test
    void a_service_may_define_a_connection_of_its_own() {
        var schema = schema("""
                type Query { books: BookConnection }
                type Book { id: ID! }
                type BookConnection { edges: [BookEdge!]! total: Int! }
                """);

        assertThat(schema.getObjectType("BookConnection").getFieldDefinition("total"))
                .isNotNull();
        assertThat(schema.getObjectType("BookEdge")).isNotNull();
    }

    @Test
    void a_standard_type_may_be_defined_with_more_and_not_with_less() {
        var types =
                "type Query { refusal: Refusal page: PageInfo } interface Refusal { code: String! message: String! link: String }";

        assertThat(StandardTypes.complete(types).mistakes()).isEmpty();
        assertThat(StandardTypes.complete(types.replace("message: String!", "message: String"))
                        .mistakes())
                .containsExactly(
                        "the GraphQL schema defines Refusal without all that it is elsewhere:"
                                + " \"A foreseen refusal; its code is stable.\" interface Refusal { code: String! message: String! }");
        assertThat(StandardTypes.complete("type Query { at: Long } enum Long { ONE }")
                        .mistakes())
                .hasSize(1);
    }

    @Test
    void a_name_that_nobody_defines_is_a_mistake() {
        assertThatThrownBy(() -> schema("type Query { books: BookConnection }")).isInstanceOf(SchemaProblem.class);
        assertThatThrownBy(() -> schema("type Query { book: Bok }")).isInstanceOf(SchemaProblem.class);
        assertThatThrownBy(() -> schema("type Query { book ")).isInstanceOf(SchemaProblem.class);
    }

    @Test
    void a_type_may_be_defined_again_alike_and_not_otherwise() {
        var taken = "type Query { one: Taken } type Taken { code: String! } ";

        assertThat(schema(taken + "type Query { two: Taken } type Taken { code: String! }")
                        .getQueryType()
                        .getFieldDefinitions())
                .extracting(field -> field.getName())
                .containsExactly("one", "two");
        assertThatThrownBy(() -> schema(taken + "type Taken { code: Int }")).isInstanceOf(SchemaProblem.class);
        assertThatThrownBy(() -> schema(taken + "type Query { one: Int }")).isInstanceOf(SchemaProblem.class);
    }
}
