package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.Unicode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// Judges values by the schemas of an OpenAPI 3.1 document, as far as such documents go here
/// ([JSON Schema, 2020-12](https://json-schema.org/draft/2020-12/json-schema-validation)). Formats count.
final class JsonSchema {
    /// What a value is by a schema.
    enum Verdict {
        VALID,
        INVALID,
        /// It depends on a format that only its own parser knows: `email`.
        UNKNOWN;

        Verdict and(Verdict other) {
            return this == INVALID || other == INVALID
                    ? INVALID
                    : this == UNKNOWN || other == UNKNOWN ? UNKNOWN : VALID;
        }
    }

    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /// By [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6), in upper case and to the nanosecond.
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");

    private final JsonNode document;

    JsonSchema(JsonNode document) {
        this.document = document;
    }

    /// The schema itself, or what it refers to.
    JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    Verdict judge(JsonNode schema, JsonNode value) {
        if (schema.has("$ref")) {
            return judge(resolve(schema), value);
        }
        var verdict = isOfType(schema, value) && isAmong(schema, value) ? Verdict.VALID : Verdict.INVALID;
        if (schema.has("anyOf")) {
            var any = new ArrayList<Verdict>();
            schema.get("anyOf").forEach(one -> any.add(judge(one, value)));
            verdict = verdict.and(
                    any.contains(Verdict.VALID)
                            ? Verdict.VALID
                            : any.contains(Verdict.UNKNOWN) ? Verdict.UNKNOWN : Verdict.INVALID);
        }
        for (var one : schema.path("allOf")) {
            verdict = verdict.and(judge(one, value));
        }
        return verdict.and(
                switch (value.getNodeType()) {
                    case STRING -> text(schema, value.asText());
                    case NUMBER -> number(schema, value.decimalValue());
                    case ARRAY -> array(schema, value);
                    case OBJECT -> object(schema, value);
                    default -> Verdict.VALID;
                });
    }

    private static boolean isOfType(JsonNode schema, JsonNode value) {
        var types = types(schema);
        return types.isEmpty()
                || switch (value.getNodeType()) {
                    case STRING -> types.contains("string");
                    case NUMBER -> types.contains("number") || (types.contains("integer") && value.isIntegralNumber());
                    case BOOLEAN -> types.contains("boolean");
                    case ARRAY -> types.contains("array");
                    case OBJECT -> types.contains("object");
                    default -> types.contains("null");
                };
    }

    static List<String> types(JsonNode schema) {
        var type = schema.path("type");
        if (type.isTextual()) {
            return List.of(type.asText());
        }
        var types = new ArrayList<String>();
        type.forEach(one -> types.add(one.asText()));
        return types;
    }

    private static boolean isAmong(JsonNode schema, JsonNode value) {
        if (!schema.has("enum")) {
            return true;
        }
        for (var one : schema.get("enum")) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static Verdict text(JsonNode schema, String text) {
        var length = text.codePointCount(0, text.length());
        if (!Unicode.isText(text)
                || length < schema.path("minLength").asInt(0)
                || length > schema.path("maxLength").asInt(Integer.MAX_VALUE)
                || (schema.has("pattern") && !matches(schema.get("pattern").asText(), text))) {
            return Verdict.INVALID;
        }
        return switch (schema.path("format").asText()) {
            case "uuid" -> UUID.matcher(text).matches() ? Verdict.VALID : Verdict.INVALID;
            case "date" -> isDate(text) ? Verdict.VALID : Verdict.INVALID;
            case "date-time" -> isTime(text) ? Verdict.VALID : Verdict.INVALID;
            case "email" -> text.matches("[a-z0-9]+@[a-z0-9]+\\.[a-z]+") ? Verdict.VALID : Verdict.UNKNOWN;
            default -> Verdict.VALID;
        };
    }

    /// In ECMA's patterns `$` is the end, not a line's.
    private static boolean matches(String pattern, String text) {
        var end = pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
        return Pattern.compile(end).matcher(text).find();
    }

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return TIME.matcher(text).matches();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return text.length() == "0000-00-00".length();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Verdict number(JsonNode schema, BigDecimal number) {
        var bits = switch (schema.path("format").asText()) {
            case "int32" -> 31;
            case "int64" -> 63;
            default -> 1_000;
        };
        var most = new BigDecimal(BigInteger.TWO.pow(bits));
        return number.compareTo(most) >= 0
                        || number.compareTo(most.negate()) < 0
                        || (schema.has("minimum")
                                && number.compareTo(schema.get("minimum").decimalValue()) < 0)
                        || (schema.has("maximum")
                                && number.compareTo(schema.get("maximum").decimalValue()) > 0)
                        || (schema.has("exclusiveMinimum")
                                && number.compareTo(
                                                schema.get("exclusiveMinimum").decimalValue())
                                        <= 0)
                        || (schema.has("exclusiveMaximum")
                                && number.compareTo(
                                                schema.get("exclusiveMaximum").decimalValue())
                                        >= 0)
                ? Verdict.INVALID
                : Verdict.VALID;
    }

    private Verdict array(JsonNode schema, JsonNode array) {
        var verdict = array.size() < schema.path("minItems").asInt(0)
                        || array.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)
                        || (schema.path("uniqueItems").asBoolean() && new HashSet<>(list(array)).size() < array.size())
                ? Verdict.INVALID
                : Verdict.VALID;
        for (var item : array) {
            verdict = verdict.and(judge(schema.path("items"), item));
        }
        return verdict;
    }

    private static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }

    private Verdict object(JsonNode schema, JsonNode object) {
        for (var required : schema.path("required")) {
            if (!object.has(required.asText())) {
                return Verdict.INVALID;
            }
        }
        var verdict = Verdict.VALID;
        for (var property : object.properties()) {
            var known = schema.path("properties").path(property.getKey());
            var open = schema.path("additionalProperties").asBoolean(true);
            verdict = verdict.and(
                    known.isMissingNode()
                            ? (open ? Verdict.VALID : Verdict.INVALID)
                            : judge(known, property.getValue()));
        }
        return verdict;
    }
}
