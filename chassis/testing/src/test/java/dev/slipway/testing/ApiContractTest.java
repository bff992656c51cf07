package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.testing.notes.NoteApp;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiContractTest {
    @RegisterExtension
    static final TestService service = TestService.of(new NoteApp());

    private static final Map<String, String> SAMPLES = Map.of("createNote", "{\"name\":\"a\",\"text\":\"b\"}");

    private static String document() {
        return service.anonymous().get("/openapi/v1.json").expect(200).body();
    }

    @Test
    void the_service_takes_what_its_document_says() {
        ApiContract.holds(document(), operation -> service.as("ann", "writer"), SAMPLES);
    }

    @Test
    void a_body_that_is_larger_than_the_service_reads_is_neither() {
        try (var small =
                TestService.of(new NoteApp()).with("http.max-body-size", "4KB").start()) {
            ApiContract.holds(document(), operation -> small.as("ann", "writer"), SAMPLES);
        }
    }

    @Test
    void a_sample_that_the_service_refuses_is_found() {
        var document = document().replace("\"maxLength\" : 100", "\"maxLength\" : 1000");
        var sample = "{\"name\":\"%s\",\"text\":\"b\"}".formatted("a".repeat(200));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> ApiContract.holds(
                        document, operation -> service.as("ann", "writer"), Map.of("createNote", sample)))
                .withMessageContaining("createNote: the sample");
    }

    /// Planted, each in a document that says something else.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "maxLength" : 100                | "maxLength" : 99
                    "maxLength" : 100                | "maxLength" : 101
                    "additionalProperties" : false   | "additionalProperties" : true
                    "minLength" : 1                  | "minLength" : 3
                    "required" : [ "name", "text" ]  | "required" : [ "name" ]
                    """)
    void a_document_that_says_something_else_is_found(String said, String planted) {
        var document = document();
        assertThat(document).contains(said);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> ApiContract.holds(
                        document.replace(said, planted), operation -> service.as("ann", "writer"), SAMPLES, 1));
    }
}
