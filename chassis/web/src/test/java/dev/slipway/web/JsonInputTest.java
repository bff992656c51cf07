package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonInputTest {
    @AutoClose
    private final Api api = Api.shop();

    @Test
    void every_violation_is_reported_at_its_place() throws Exception {
        var response = api.post("/v1/orders", """
                {"customer": "", "mail": "ann@localhost", "reference": "1-2",
                 "lines": [{"sku": "tea", "quantity": 2}, {"sku": "Tea!", "quantity": 100}, {"quantity": 1}]}
                """);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Api.code(response)).isEqualTo("invalid-input");
        assertThat(Api.fields(response))
                .containsExactly(
                        "customer not-blank",
                        "customer pattern",
                        "lines[1].quantity max",
                        "lines[1].sku slug",
                        "lines[2].sku not-null",
                        "mail email-domain",
                        "reference uuid");
        assertThat(Api.problem(response).get("errors").get(2))
                .hasToString("{\"field\":\"lines[1].quantity\",\"code\":\"max\","
                        + "\"message\":\"must be less than or equal to 99\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\": 1, \"y\": 2} | y unknown",
                "{\"x\": 1, \"@class\": \"java.lang.Runtime\"} | @class unknown",
                "{\"x\": \"1\"} | x format",
                "{\"x\": 1.5} | x format",
                "{\"x\": true} | x format",
                "{\"x\": null} | x format",
                "{\"x\": [1]} | x format",
                "{} | x format",
                "{\"x\": -1} | x positive",
                "{\"x\": 99999999999999999999} | x format",
                "[1] | ' format'",
                "\"x\" | ' format'",
                "null | ' malformed'",
                "'' | ' malformed'",
                "{\"x\": 1 | ' malformed'",
                "{\"x\": 1}} | ' malformed'",
                "{\"x\": 1} {\"x\": 2} | ' malformed'",
                "{\"x\": 1} null | ' malformed'",
                "' ' | ' malformed'",
                "{\"x\": 1, \"x\": 2} | x duplicate",
                "{x: 1} | ' malformed'",
                "{\"x\": NaN} | ' malformed'",
                "{\"x\": 01} | ' malformed'",
                "{\"x\": 13} | ' invalid'"
            })
    void what_is_no_proper_input_is_refused_without_a_class_name(String body, String error) throws Exception {
        var response = api.post("/v1/points", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Api.fields(response)).containsExactly(error);
        assertThat(response.body()).doesNotContain("slipway", "jackson", "Shop", "java.");
    }

    @Test
    void the_place_in_a_broken_document_is_told() throws Exception {
        var response = api.post("/v1/points", "{\n  \"x\": oops}");
        assertThat(Api.problem(response).get("errors").get(0).get("message").asText())
                .isEqualTo("is not JSON (line 2, column 8)");
    }

    @Test
    void a_field_deep_inside_is_named_by_its_path() throws Exception {
        var response = api.post(
                "/v1/orders", "{\"customer\":\"Ann\",\"lines\":[{\"sku\":\"a\",\"quantity\":1},{\"quantity\":\"2\"}]}");
        assertThat(Api.fields(response)).containsExactly("lines[1].quantity format");
    }

    @Test
    void a_missing_field_that_the_record_cannot_do_without_is_the_clients_mistake() throws Exception {
        assertThat(Api.fields(api.post("/v1/orders", "{\"customer\":\"Ann\"}"))).containsExactly(" required");
        assertThat(Api.fields(api.post("/v1/orders", "{\"customer\":\"Ann\",\"lines\":[null]}")))
                .containsExactly(" required");
    }

    @Test
    void an_enum_lists_what_it_takes() throws Exception {
        var response = api.post("/v1/orders", "{\"customer\":\"Ann\",\"lines\":[],\"colour\":\"pink\"}");
        assertThat(Api.problem(response).get("errors").get(0))
                .hasToString(
                        "{\"field\":\"colour\",\"code\":\"format\",\"message\":\"must be one of RED, DARK_BLUE\"}");
        assertThat(Api.fields(api.post("/v1/orders", "{\"customer\":\"Ann\",\"lines\":[],\"colour\":1}")))
                .containsExactly("colour format");
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "mail"})
    void a_number_is_no_text(String field) throws Exception {
        assertThat(Api.fields(api.post("/v1/orders", "{\"" + field + "\":1}"))).containsExactly(field + " format");
    }

    @Test
    void deep_nesting_and_endless_values_are_refused() throws Exception {
        for (var body : new String[] {
            "[".repeat(100_000),
            "{\"x\":".repeat(1000),
            "{\"x\": " + "9".repeat(1000) + "}",
            "{\"" + "x".repeat(9000) + "\":1}"
        }) {
            var response = api.post("/v1/points", body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).doesNotContain("999999").hasSizeLessThan(600);
        }
    }
}
