package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// @param rest which writes no empty fields
    /// @param grpc which writes all the fields that it knows
    private static List<String> differences(String rest, String grpc) {
        return Answer.differences(
                Map.of("REST", Answer.done(json(rest), true), "gRPC", Answer.done(json(grpc), false)));
    }

    private static Answer refused(String code, String errors) {
        return Answer.refused(code, json(errors));
    }

    @Test
    void the_same_in_each_protocols_own_writing_is_no_difference() {
        assertThat(differences("""
                        {"id": "0198f1d2-0000-7000-8000-000000000001", "name": "A", "amount": 5, "status": "active",
                         "at": "2026-01-01T10:00:00.5Z", "next": "abc"}""", """
                        {"id": "0198f1d2-0000-7000-8000-000000000002", "name": "A", "amount": "5", "status": "ACTIVE",
                         "at": "2026-01-01T11:00:00Z", "next": "def", "tags": [], "note": ""}""")).isEmpty();
    }

    @Test
    void a_field_that_a_protocol_does_not_know_is_not_compared() {
        assertThat(differences("{\"name\": \"A\", \"colour\": \"red\"}", "{\"name\": \"A\"}"))
                .isEmpty();
    }

    @Test
    void another_value_a_lost_one_and_another_number_of_elements_are_differences() {
        assertThat(differences("{\"name\": \"A\"}", "{\"name\": \"B\"}"))
                .singleElement()
                .asString()
                .startsWith("/name");
        assertThat(differences("{\"name\": \"A\"}", "{\"name\": null}")).hasSize(1);
        assertThat(differences("{}", "{\"name\": \"A\"}")).hasSize(1);
        assertThat(differences("{\"items\": [{\"n\": 1}, {\"n\": 2}]}", "{\"items\": [{\"n\": 1}]}"))
                .hasSize(1);
        assertThat(differences("{\"items\": [{\"n\": 1}, {\"n\": 2}]}", "{\"items\": [{\"n\": 2}, {\"n\": 1}]}"))
                .hasSize(2);
        assertThat(differences("{\"next\": \"abc\"}", "{\"next\": null}")).hasSize(1);
    }

    @Test
    void another_code_or_another_field_is_a_difference_whatever_their_order() {
        var one =
                refused("invalid-input", "[{\"field\": \"a\", \"code\": \"x\"}, {\"field\": \"b\", \"code\": \"y\"}]");
        var same =
                refused("invalid-input", "[{\"field\": \"b\", \"code\": \"y\"}, {\"field\": \"a\", \"code\": \"x\"}]");
        var less = refused("invalid-input", "[{\"field\": \"a\", \"code\": \"x\"}]");

        assertThat(Answer.differences(Map.of("REST", one, "gRPC", same))).isEmpty();
        assertThat(Answer.differences(Map.of("REST", one, "gRPC", less))).hasSize(1);
        assertThat(Answer.differences(Map.of("REST", refused("not-found", "[]"), "gRPC", refused("forbidden", "[]"))))
                .hasSize(1);
        assertThat(Answer.differences(
                        Map.of("REST", refused("not-found", "[]"), "gRPC", Answer.done(json("{}"), false))))
                .hasSize(1);
    }

    @Test
    void the_word_that_makes_a_thing_unique_does_not_count() {
        assertThat(Answer.done(json("{\"name\": \"Ann u12b\"}"), true)
                        .without("u12")
                        .value())
                .isEqualTo(json("{\"name\": \"Ann *b\"}"));
    }
}
