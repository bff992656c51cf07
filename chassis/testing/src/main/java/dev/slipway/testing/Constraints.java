package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Ways to break the constraints that an OpenAPI document says an operation's input has.
final class Constraints {
    /// What no pattern takes but one that asks for any visible character.
    private static final String MISSHAPEN = "?! ";

    /// @param field that a change makes wrong
    /// @param isOfSchema whether GraphQL's own schema says so, and refuses it before the operation is asked
    record Constraint(String field, boolean isOfSchema, Consumer<ObjectNode> change) {}

    private final Map<String, Constraint> ways = new LinkedHashMap<>();

    private Constraints() {}

    /// Each by its name, as a change of valid input.
    static Map<String, Constraint> of(RestSpeaker.Route route) {
        var constraints = new Constraints();
        for (var parameter : route.description().at("/parameters")) {
            if (parameter.at("/in").asText().equals("query")) {
                constraints.add(parameter.at("/name").asText(), parameter.at("/schema"), false);
            }
        }
        var body = route.body();
        body.at("/properties").properties().forEach(property -> {
            var required = false;
            for (var name : body.at("/required")) {
                required |= name.asText().equals(property.getKey());
            }
            constraints.add(property.getKey(), route.resolve(property.getValue()), required);
        });
        return constraints.ways;
    }

    private void add(String field, JsonNode schema, boolean required) {
        var text = schema.at("/type").asText().equals("string");
        if (required && text) {
            // A text that is not sent is no text in gRPC; both are wrong, by rules of different names where null is
            // told apart.
            add("a blank ", field, input -> input.put(field, " "));
        }
        if (text && schema.has("maxLength")) {
            var longest = schema.get("maxLength").asInt();
            add("too long a ", field, input -> input.put(field, "x".repeat(longest + 1)));
        }
        if (text
                && schema.has("pattern")
                && !Pattern.compile(schema.get("pattern").asText())
                        .matcher(MISSHAPEN)
                        .find()) {
            add("a misshapen ", field, input -> input.put(field, MISSHAPEN));
        }
        if (schema.has("minimum")) {
            add(
                    "too small a ",
                    field,
                    input -> input.put(field, schema.get("minimum").asLong() - 1));
        }
        if (schema.has("maximum")) {
            add(
                    "too large a ",
                    field,
                    input -> input.put(field, schema.get("maximum").asLong() + 1));
        }
        if (schema.has("enum")) {
            ways.put("an unknown " + field, new Constraint(field, true, input -> input.put(field, "unheard-of")));
        }
    }

    private void add(String way, String field, Consumer<ObjectNode> change) {
        ways.put(way + field, new Constraint(field, false, change));
    }
}
