package dev.slipway.testing;

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

/// Asks by REST, as the OpenAPI documents of the service say.
final class RestSpeaker implements Speaker {

    /// @param path with its parameters in braces
    /// @param description its operation object in the document
    record Route(String method, String path, JsonNode description, JsonNode document) {

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

        /// What the body looks like; missing if there is none.
        JsonNode body() {
            return resolve(description.at("/requestBody/content/application~1json/schema"));
        }

        JsonNode resolve(JsonNode schema) {
            var reference = schema.at("/$ref").asText();
            return reference.isEmpty() ? schema : document.at(reference.substring(1));
        }
    }

    private final TestService service;
    private final Map<String, Route> routes = new LinkedHashMap<>();

    RestSpeaker(TestService service) {
        this.service = service;
        for (var version = 1; version < 10; version++) {
            var reply = service.anonymous().get("/openapi/v" + version + ".json");
            if (reply.status() == 200) {
                read(reply.json());
            }
        }
    }

    private void read(JsonNode document) {
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    var streams = method.getValue().toString().contains("text/event-stream")
                            || method.getValue().toString().contains("ndjson");
                    if (!streams) {
                        routes.put(
                                method.getValue().at("/operationId").asText(),
                                new Route(method.getKey(), path.getKey(), method.getValue(), document));
                    }
                }));
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
        var route = route(question.operation());
        var path = route.path();
        for (var parameter : question.parameters().entrySet()) {
            path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        var client = question.subject().isEmpty()
                ? service.anonymous()
                : service.as(question.subject(), question.roles().toArray(String[]::new));
        if (question.version().isPresent() && route.takes("If-Match")) {
            client = client.with("If-Match", "\"" + question.version().get() + "\"");
        }
        if (question.key().isPresent()) {
            client = client.with("Idempotency-Key", question.key().get());
        }
        var body = route.body().isMissingNode() ? "" : question.input().toString();
        var reply = client.send(route.method().toUpperCase(Locale.ROOT), path + query(route, question), body);
        return reply.status() < 400
                ? Answer.done(reply.body().isEmpty() ? MissingNode.getInstance() : reply.json(), true)
                : Answer.refused(reply.text("/code"), reply.json().at("/errors"));
    }

    private static String query(Route route, Question question) {
        var query = new StringBuilder();
        question.input().properties().forEach(field -> {
            if (!route.parameter("query", field.getKey()).isMissingNode()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(field.getKey())
                        .append('=')
                        .append(URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8));
            }
        });
        return query.toString();
    }
}
