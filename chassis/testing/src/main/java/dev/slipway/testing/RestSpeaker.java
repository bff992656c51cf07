package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Asks by REST, as the OpenAPI documents of the service say.
final class RestSpeaker implements Speaker {

    /// @param version of the API: `v1`
    /// @param path with its parameters in braces
    /// @param description its operation object in the document
    record Route(String version, String method, String path, JsonNode description, JsonNode document) {

        boolean takes(String header) {
            return !parameter("header", header).isMissingNode();
        }

        JsonNode parameter(String place, String name) {
            for (var each : description.at("/parameters")) {
                if (each.at("/in").asText().equals(place)
                        && each.at("/name").asText().equals(name)) {
                    return each;
                }
            }
            return MissingNode.getInstance();
        }

        /// Whether a parameter of the path is an id, which not every text can be.
        boolean hasId() {
            for (var each : description.at("/parameters")) {
                if (each.at("/in").asText().equals("path")
                        && each.at("/schema/format").asText().equals("uuid")) {
                    return true;
                }
            }
            return false;
        }

        /// The orders of a list; one without a name if there is no choice.
        List<String> orders() {
            var orders = new ArrayList<String>();
            parameter("query", "sort").at("/schema/enum").forEach(order -> orders.add(order.asText()));
            return orders.isEmpty() ? List.of("") : orders;
        }

        /// Other parameters of the query that have a choice of values, with these.
        Map<String, List<String>> filters() {
            var filters = new LinkedHashMap<String, List<String>>();
            for (var each : description.at("/parameters")) {
                var name = each.at("/name").asText();
                if (each.at("/in").asText().equals("query") && !name.equals("sort")) {
                    for (var value : resolve(each.at("/schema")).at("/enum")) {
                        filters.computeIfAbsent(name, key -> new ArrayList<>()).add(value.asText());
                    }
                }
            }
            return filters;
        }

        /// What the body looks like; missing if there is none.
        JsonNode body() {
            return resolve(description.at("/requestBody/content/application~1json/schema"));
        }

        /// The name of the body's schema; empty if there is none.
        String bodyName() {
            return description
                    .at("/requestBody/content/application~1json/schema/$ref")
                    .asText();
        }

        /// What it may answer, by status.
        JsonNode answers() {
            return description.at("/responses");
        }

        /// The name of what it answers if all goes well; empty if that has none.
        String answerName() {
            for (var status : List.of("200", "201")) {
                var name = answers()
                        .at("/" + status + "/content/application~1json/schema/$ref")
                        .asText();
                if (!name.isEmpty()) {
                    return name;
                }
            }
            return "";
        }

        /// Whether it is read page by page.
        boolean isPaged() {
            return !parameter("query", "cursor").isMissingNode();
        }

        boolean isAboutOne() {
            return path.contains("{");
        }

        JsonNode resolve(JsonNode schema) {
            var reference = schema.at("/$ref").asText();
            return reference.isEmpty() ? schema : document.at(reference.substring(1));
        }
    }

    private final TestService service;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, String> documents = new LinkedHashMap<>();

    RestSpeaker(TestService service) {
        this.service = service;
        for (var version = 1; version < 10; version++) {
            var reply = service.anonymous().get("/openapi/v" + version + ".json");
            if (reply.status() == 200) {
                documents.put("v" + version, reply.body());
                read("v" + version, reply.json());
            }
        }
    }

    private void read(String version, JsonNode document) {
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    var streams = method.getValue().toString().contains("text/event-stream")
                            || method.getValue().toString().contains("ndjson");
                    if (!streams) {
                        routes.put(
                                method.getValue().at("/operationId").asText(),
                                new Route(version, method.getKey(), path.getKey(), method.getValue(), document));
                    }
                }));
    }

    /// The OpenAPI documents, by their version: `v1`.
    Map<String, String> documents() {
        return documents;
    }

    /// The operations of a version that take JSON.
    List<String> takingBodies(String version) {
        return routes.entrySet().stream()
                .filter(route -> route.getValue().version().equals(version)
                        && !route.getValue().body().isMissingNode())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// All operations but streams; of several versions the newest.
    Set<String> operations() {
        return routes.keySet();
    }

    Route route(String operation) {
        return Optional.ofNullable(routes.get(operation))
                .orElseThrow(() -> new IllegalArgumentException("REST has no operation " + operation));
    }

    @Override
    public String protocol() {
        return "REST";
    }

    @Override
    public boolean knows(String operation) {
        return routes.containsKey(operation);
    }

    @Override
    public Answer ask(Question question) {
        var reply = reply(question, client -> client);
        return reply.status() < 400
                ? Answer.done(reply.body().isEmpty() ? MissingNode.getInstance() : reply.json(), true)
                : Answer.refused(reply.text("/code"), reply.json().at("/errors"));
    }

    /// The answer as it is sent. Its status must be one that the document foresees.
    ///
    /// @param more headers besides those of the question
    TestReply reply(Question question, UnaryOperator<TestClient> more) {
        return send(question, more.apply(client(question.subject(), question.roles())));
    }

    /// A client of this caller.
    TestClient client(String subject, List<String> roles) {
        return subject.isEmpty() ? service.anonymous() : service.as(subject, roles.toArray(String[]::new));
    }

    /// The same by a client of one's own.
    TestReply send(Question question, TestClient sender) {
        var route = route(question.operation());
        var path = route.path();
        for (var parameter : question.parameters().entrySet()) {
            path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        var client = sender;
        if (question.version().isPresent() && route.takes("If-Match")) {
            client = client.with("If-Match", "\"" + question.version().get() + "\"");
        }
        if (question.key().isPresent()) {
            client = client.with("Idempotency-Key", question.key().get());
        }
        var hasBody = !route.body().isMissingNode();
        var target = path + (hasBody ? "" : query(question));
        var reply = client.send(
                route.method().toUpperCase(Locale.ROOT),
                target,
                hasBody ? question.input().toString() : "");
        assertThat(route.answers().has(String.valueOf(reply.status())))
                .as("the document of %s foresees the status: %s", question.operation(), reply)
                .isTrue();
        if (reply.status() >= 400) {
            reply.expectHeader("Content-Type", "application/problem+json");
        }
        return reply;
    }

    private static String query(Question question) {
        var query = new StringBuilder();
        question.input()
                .properties()
                .forEach(field -> query.append(query.isEmpty() ? '?' : '&')
                        .append(field.getKey())
                        .append('=')
                        .append(URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8)));
        return query.toString();
    }
}
