package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.testing.shelf.ShelfApp;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryContractTest {
    @RegisterExtension
    static final TestService service = TestService.of(new ShelfApp());

    private static String document() {
        return service.anonymous().get("/openapi/v1.json").expect(200).body();
    }

    @Test
    void values_of_every_kind_are_taken_as_the_document_says() {
        QueryContract.holds(document(), operation -> service.anonymous());
    }

    @Test
    void so_are_those_in_a_body() {
        ApiContract.holds(
                document(),
                operation -> service.anonymous(),
                Map.of(
                        "addBook",
                        "{\"author\":\"6f1c2b1e-52a4-4d0e-9f3a-0123456789ab\",\"since\":\"2026-01-31T12:00:00Z\","
                                + "\"printed\":\"2026-01-31\",\"binding\":\"HARD\",\"lent\":true,\"copies\":1}"));
    }

    /// Planted, each in a document that says something else than the service does.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "minimum" : 1               | "minimum" : 2
            "maximum" : 100             | "maximum" : 101
            "maxLength" : 5             | "maxLength" : 4
            "maxLength" : 5             | "maxLength" : 6
            "pattern" : "^[A-Z]{3}$"    | "pattern" : "^[A-Z]{3}"
            "enum" : [ "HARD", "SOFT" ] | "enum" : [ "HARD", "SOFT", "hard" ]
            "type" : "boolean"          | "type" : "string"
            "format" : "uuid"           | "format" : "text"
            "format" : "date-time"      | "format" : "date"
            "format" : "int64"          | "format" : "int32"
            "type" : "integer"          | "type" : "number"
            "type" : "array"            | "type" : "string"
            "name" : "sort"             | "name" : "order"
            "required" : true           | "required" : false
            """)
    void a_document_that_says_something_else_is_found(String said, String planted) {
        var document = document();
        assertThat(document).contains(said);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() ->
                        QueryContract.holds(document.replace(said, planted), operation -> service.anonymous(), 1));
    }
}
