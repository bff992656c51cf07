package dev.slipway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends random values for the arguments of each query and mutation, as variables and as literals.
final class RandomGraphQl {
    private static final int CALLS = 60;
    private static final int DEEPEST = 4;
    /// Half a surrogate pair can be sent in ASCII alone.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private RandomGraphQl() {}

    /// The name of an enum's value, which is written without quotes.
    private record Constant(String name) {}

    /// @param subject of the callers, one for each field, so that no limit of calls is met
    /// @return the requests that were answered by a failure of the service, and whether all were refused
    static List<String> failures(
            TestService service, GraphQLSchema schema, RandomValues values, String subject, List<String> roles)
            throws JsonProcessingException {
        var failures = new ArrayList<String>();
        var done = false;
        var roots = new LinkedHashMap<String, @Nullable GraphQLObjectType>();
        roots.put("query", schema.getQueryType());
        roots.put("mutation", schema.getMutationType());
        for (var root : roots.entrySet()) {
            var type = root.getValue();
            for (var field : type == null ? List.<GraphQLFieldDefinition>of() : type.getFieldDefinitions()) {
                var client = service.as(subject + "-" + field.getName(), roles.toArray(String[]::new));
                for (var i = 0; i < CALLS; i++) {
                    var body = JSON.writeValueAsString(request(root.getKey(), field, values));
                    var reply = client.post("/graphql", body);
                    if (reply.status() >= 500 || reply.body().contains("internal-error")) {
                        failures.add("%s%nis answered by %s".formatted(body, reply));
                    }
                    done |= reply.status() == 200 && !reply.json().has("errors");
                }
            }
        }
        if (!done) {
            failures.add("every request is refused");
        }
        return failures;
    }

    private static Map<String, ?> request(String kind, GraphQLFieldDefinition field, RandomValues values)
            throws JsonProcessingException {
        var declared = new ArrayList<String>();
        var passed = new ArrayList<String>();
        var variables = new LinkedHashMap<String, @Nullable Object>();
        for (var argument : field.getArguments()) {
            if (GraphQLTypeUtil.isNullable(argument.getType()) && values.oneIn(2)) {
                continue;
            }
            var name = argument.getName();
            var value = value(name, argument.getType(), values, DEEPEST);
            if (values.oneIn(2)) {
                passed.add(name + ": " + literal(value));
            } else {
                declared.add("$" + name + ": " + GraphQLTypeUtil.simplePrint(argument.getType()));
                passed.add(name + ": $" + name);
                variables.put(name, plain(value));
            }
        }
        var document = "%s%s { %s%s %s }"
                .formatted(
                        kind,
                        inParentheses(declared),
                        field.getName(),
                        inParentheses(passed),
                        GraphQlSpeaker.selection(field.getType(), 0));
        return Map.of("query", document, "variables", variables);
    }

    private static String inParentheses(List<String> all) {
        return all.isEmpty() ? "" : "(" + String.join(", ", all) + ")";
    }

    /// Mostly of the right type.
    private static @Nullable Object value(String name, GraphQLType type, RandomValues values, int depth) {
        if (values.oneIn(30)) {
            return values.oneIn(2) ? values.number() : values.text();
        }
        return switch (type) {
            case GraphQLNonNull required ->
                values.oneIn(30) ? null : value(name, GraphQLTypeUtil.unwrapOne(required), values, depth);
            case GraphQLType optional when values.oneIn(6) -> null;
            case GraphQLList list -> {
                var all = new ArrayList<@Nullable Object>();
                for (var i = values.random().nextInt(4); i > 0; i--) {
                    all.add(value(name, GraphQLTypeUtil.unwrapOne(list), values, depth - 1));
                }
                yield all;
            }
            case GraphQLInputObjectType input -> {
                var fields = new LinkedHashMap<String, @Nullable Object>();
                if (depth > 0) {
                    input.getFieldDefinitions()
                            .forEach(field -> fields.put(
                                    field.getName(), value(field.getName(), field.getType(), values, depth - 1)));
                }
                yield fields;
            }
            case GraphQLEnumType constants ->
                new Constant(
                        values.oneIn(6)
                                ? "NO_SUCH_VALUE"
                                : values.any(constants.getValues()).getName());
            default ->
                switch (GraphQLTypeUtil.simplePrint(type)) {
                    case "Int" -> (int) values.number(name);
                    case "Long" -> values.number(name);
                    case "Float" -> values.fraction();
                    case "Boolean" -> values.oneIn(2);
                    default -> values.text(name);
                };
        };
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Constant(var name) -> name;
            case List<?> all -> all.stream().map(RandomGraphQl::plain).collect(Collectors.toCollection(ArrayList::new));
            case Map<?, ?> fields -> {
                var plain = new LinkedHashMap<String, @Nullable Object>();
                fields.forEach((name, content) -> plain.put(String.valueOf(name), plain(content)));
                yield plain;
            }
            case null, default -> value;
        };
    }

    private static String literal(@Nullable Object value) throws JsonProcessingException {
        return switch (value) {
            case Constant(var name) -> name;
            case List<?> all -> {
                var parts = new ArrayList<String>();
                for (var each : all) {
                    parts.add(literal(each));
                }
                yield "[" + String.join(", ", parts) + "]";
            }
            case Map<?, ?> fields -> {
                var parts = new ArrayList<String>();
                for (var field : fields.entrySet()) {
                    parts.add(field.getKey() + ": " + literal(field.getValue()));
                }
                yield "{" + String.join(", ", parts) + "}";
            }
            case null, default -> JSON.writeValueAsString(value);
        };
    }
}
