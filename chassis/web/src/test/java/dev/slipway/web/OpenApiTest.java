package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings({"AvoidCommonTypeNames", "SameNameButDifferent"}) // what names that clash do is tested
class OpenApiTest {
    private static final List<Addressed> ROUTES = Shop.routes(() -> {});

    private final String text = OpenApi.of("shop", 1, ROUTES);
    private final JsonNode document = parse(text);

    private static JsonNode parse(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode operation(String method, String path) {
        var operation = document.path("paths").path(path).path(method);
        assertThat(operation.isMissingNode()).isFalse();
        return operation;
    }

    private JsonNode schema(String name) {
        return document.path("components").path("schemas").path(name);
    }

    @Test
    void the_same_routes_give_the_same_text() throws Exception {
        assertThat(OpenApi.of("shop", 1, ROUTES)).isEqualTo(text);
        Files.writeString(Path.of("target", "openapi.json"), text);
    }

    private record Document(String text) {}

    private static Addressed answering(String name, Class<?> type) {
        return Route.get(
                "/" + name,
                Operation.named(name, "Reads " + name)
                        .policy(Policy.anyone())
                        .output(type)
                        .read(call -> {
                            throw new UnsupportedOperationException();
                        }));
    }

    @Test
    void a_record_may_be_called_as_the_problem_document_is_in_the_code() {
        var described = parse(OpenApi.of("shop", 1, List.of(answering("document", Document.class))));
        assertThat(described.at("/components/schemas/Document/properties/text").isMissingNode())
                .isFalse();
        assertThat(described.at("/components/schemas/Problem/properties/code").isMissingNode())
                .isFalse();
    }

    private static final class Inner {
        private record Document(int pages) {}

        private record Shelf(List<Document> documents) {}

        private record Problem(String question) {}

        private record Object(String mass) {}
    }

    @Test
    void two_records_of_one_name_are_refused_wherever_they_stand() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenApi.of(
                        "shop",
                        1,
                        List.of(answering("document", Document.class), answering("shelf", Inner.Shelf.class))))
                .withMessageContaining("two schemas called Document");
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenApi.of("shop", 1, List.of(answering("problem", Inner.Problem.class))))
                .withMessageContaining("two schemas called Problem");
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenApi.of("shop", 1, List.of(answering("object", Inner.Object.class))))
                .withMessageContaining("two schemas called Object");
    }

    @Test
    void the_document_says_what_it_is() {
        assertThat(document.get("openapi").asText()).isEqualTo("3.1.1");
        assertThat(document.at("/info/title").asText()).isEqualTo("shop");
        assertThat(document.at("/components/securitySchemes/bearer/scheme").asText())
                .isEqualTo("bearer");
    }

    @Test
    void every_operation_has_a_name_of_its_own_a_policy_and_described_answers() {
        var names = new HashSet<String>();
        document.path("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(names.add(operation.get("operationId").asText())).isTrue();
                    assertThat(operation.get("x-policy").asText()).isNotBlank();
                    assertThat(operation.get("summary").asText()).isNotBlank();
                    operation
                            .get("responses")
                            .forEach(response -> assertThat(
                                            response.get("description").asText())
                                    .isNotBlank());
                }));
        assertThat(names).hasSize(ROUTES.size());
    }

    @Test
    void every_reference_leads_somewhere() {
        var references = document.findValuesAsText("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .isFalse());
    }

    @Test
    void what_is_protected_says_so() {
        assertThat(operation("get", "/v1/orders/{id}").at("/security/0/bearer").isArray())
                .isTrue();
        assertThat(operation("get", "/v1/orders/{id}").get("x-policy").asText()).isEqualTo("anyone who is signed in");
        assertThat(operation("get", "/v1/ping").get("security")).hasToString("[]");
        assertThat(operation("get", "/v1/orders/{id}").get("responses").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("200", "400", "401", "403", "404", "406", "429", "500", "503", "504");
        assertThat(operation("put", "/v1/orders/{id}").get("responses").fieldNames())
                .toIterable()
                .contains("408", "412", "413", "415", "428");
    }

    @Test
    void constraints_are_part_of_the_schema() {
        var order = schema("Order");
        assertThat(order.get("required")).hasToString("[\"customer\",\"lines\"]");
        assertThat(order.at("/properties/customer/maxLength").asInt()).isEqualTo(50);
        assertThat(order.at("/properties/customer/pattern").asText()).isEqualTo("^[A-Z].*$");
        assertThat(order.at("/properties/customer/minLength").asInt()).isEqualTo(1);
        assertThat(order.at("/properties/customer/allOf/0/pattern").asText()).startsWith("[^\\t-\\r\\u001c-\\u0020");
        assertThat(order.get("additionalProperties")).hasToString("false");
        assertThat(schema("Line").get("additionalProperties")).hasToString("false");
        assertThat(schema("Line").get("required")).hasToString("[\"quantity\",\"sku\"]");
        assertThat(schema("Line").at("/properties/sku/pattern").asText()).isEqualTo("^[a-z0-9]+(-[a-z0-9]+)*$");
        assertThat(schema("Receipt").has("additionalProperties")).isFalse();
        assertThat(order.at("/properties/lines/minItems").asInt()).isEqualTo(1);
        assertThat(order.at("/properties/lines/maxItems").asInt()).isEqualTo(5);
        assertThat(order.at("/properties/lines/items/$ref").asText()).isEqualTo("#/components/schemas/Line");
        assertThat(order.at("/properties/mail/type")).hasToString("[\"string\",\"null\"]");
        assertThat(order.at("/properties/due/format").asText()).isEqualTo("date-time");
        assertThat(order.at("/properties/colour/enum")).hasToString("[\"RED\",\"DARK_BLUE\",null]");
        assertThat(schema("Line").at("/properties/quantity/minimum").asInt()).isEqualTo(1);
        assertThat(schema("Line").at("/properties/quantity/maximum").asInt()).isEqualTo(99);
        assertThat(schema("Receipt").at("/properties/id/format").asText()).isEqualTo("uuid");
    }

    @Test
    void parameters_come_from_the_path_the_query_and_the_headers() {
        assertThat(operation("get", "/v1/orders/{id}").at("/parameters/0"))
                .hasToString("{\"name\":\"id\",\"in\":\"path\",\"description\":\"Which order.\",\"required\":true,"
                        + "\"schema\":{\"type\":\"string\",\"format\":\"uuid\"}}");
        assertThat(operation("get", "/v1/orders").findValuesAsText("name"))
                .containsExactlyInAnyOrder("limit", "cursor", "colour", "tag", "open", "since", "fields");
        assertThat(operation("get", "/v1/orders").at("/parameters").findValuesAsText("maximum"))
                .containsExactly("100");
        assertThat(operation("put", "/v1/orders/{id}").findValuesAsText("name")).containsExactly("id", "If-Match");
        assertThat(operation("post", "/v1/orders").findValuesAsText("name")).containsExactly("Idempotency-Key");
        assertThat(schema("Filter").isMissingNode()).isTrue();
    }

    @Test
    void answers_have_their_schemas() {
        var page = operation("get", "/v1/orders")
                .at("/responses/200/content/application~1json/schema/$ref")
                .asText();
        assertThat(page).isEqualTo("#/components/schemas/ReceiptPage");
        assertThat(schema("ReceiptPage").at("/properties/items/items/$ref").asText())
                .isEqualTo("#/components/schemas/Receipt");
        var conflict = operation("post", "/v1/orders").at("/responses/409");
        assertThat(conflict.get("description").asText())
                .isEqualTo("Conflict: `idempotency-in-progress`, `idempotency-outdated`, `sold-out`");
        assertThat(conflict.at("/content/application~1problem+json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(schema("Problem").at("/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("type", "title", "status", "code", "detail", "retry", "requestId", "errors");
        assertThat(schema("Problem").at("/properties/retry/enum").toString())
                .isEqualTo("[\"never\",\"after-change\",\"later\"]");
        assertThat(operation("get", "/v1/orders")
                        .at("/responses/400/description")
                        .asText())
                .contains("`idempotency-unsupported`");
        assertThat(operation("post", "/v1/orders")
                        .at("/responses/400/description")
                        .asText())
                .doesNotContain("`idempotency-unsupported`");
        assertThat(operation("post", "/v1/orders")
                        .at("/responses/201/headers/Location")
                        .isMissingNode())
                .isFalse();
    }

    @Test
    void each_version_has_a_document_of_its_own() {
        var second = Route.get(
                        "/x", Operation.named("x", "X.").policy(Policy.anyone()).read(call -> Outcome.done()))
                .version(2)
                .deprecated(LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1));
        var document = parse(OpenApi.of("shop", 2, List.of(Shop.ping(), second)));
        assertThat(document.at("/info/version").asText()).isEqualTo("2");
        assertThat(document.path("paths").fieldNames()).toIterable().containsExactly("/v2/x");
        assertThat(document.at("/paths/~1v2~1x/get/deprecated").asBoolean()).isTrue();
        assertThat(document.at("/paths/~1v2~1x/get/x-sunset").asText()).isEqualTo("2027-01-01");
    }

    @Test
    void the_pages_are_served_outside_production() throws Exception {
        try (var api = Api.shop()) {
            var json = api.get("/openapi/v1.json");
            assertThat(json.body()).isEqualTo(text);
            assertThat(json.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
            var page = api.get("/docs");
            assertThat(page.body()).contains("<title>shop API</title>");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            for (var asset : List.of(
                    "swagger-ui.css",
                    "swagger-ui-bundle.js",
                    "swagger-ui-standalone-preset.js",
                    "favicon-32x32.png",
                    "init.js")) {
                assertThat(api.get("/docs/" + asset).statusCode()).isEqualTo(200);
            }
            assertThat(api.get("/docs/pom.properties").statusCode()).isEqualTo(404);
            assertThat(api.get("/docs/..%2f..%2fpom.properties").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void in_production_the_pages_are_there_only_if_asked_for() throws Exception {
        try (var api = Api.shop("--service.environment=production", "--http.host=127.0.0.1")) {
            assertThat(api.get("/").statusCode()).isEqualTo(404);
            assertThat(api.get("/docs").statusCode()).isEqualTo(404);
            assertThat(api.get("/openapi/v1.json").statusCode()).isEqualTo(404);
        }
        try (var api = Api.shop("--service.environment=production", "--http.host=127.0.0.1", "--http.docs=on")) {
            assertThat(api.get("/openapi/v1.json").statusCode()).isEqualTo(200);
        }
    }
}
