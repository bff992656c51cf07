package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInterfaceType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks by GraphQL, as the schema of the service says: the document selects all that there is.
final class GraphQlSpeaker implements Speaker {
    private static final int DEEPEST = 5;

    private final TestService service;
    private final GraphQLSchema schema;
    private final Map<String, String> named;

    private GraphQlSpeaker(TestService service, GraphQLSchema schema, Map<String, String> named) {
        this.service = service;
        this.schema = schema;
        this.named = named;
    }

    /// Nothing if the service does not speak GraphQL.
    ///
    /// @param named fields that do not follow from the operation's name
    static Optional<GraphQlSpeaker> of(TestService service, Map<String, String> named) {
        var reply = service.anonymous().get("/graphql/schema.graphqls");
        return reply.status() != 200
                ? Optional.empty()
                : Optional.of(new GraphQlSpeaker(
                        service,
                        UnExecutableSchemaGenerator.makeUnExecutableSchema(new SchemaParser().parse(reply.body())),
                        named));
    }

    GraphQLSchema schema() {
        return schema;
    }

    @Override
    public String protocol() {
        return "GraphQL";
    }

    @Override
    public boolean knows(String operation) {
        return field(operation) != null;
    }

    /// `createWidget` is a mutation of this name, `readWidget` and `listWidgets` are queries without the verb.
    private @Nullable GraphQLFieldDefinition field(String operation) {
        var name = named.getOrDefault(operation, operation);
        var mutation = schema.getMutationType() == null
                ? null
                : schema.getMutationType().getField(name);
        if (mutation != null) {
            return mutation;
        }
        var noun = name.replaceFirst("^(read|list)(?=[A-Z])", "");
        return schema.getQueryType().getField(noun.substring(0, 1).toLowerCase(Locale.ROOT) + noun.substring(1));
    }

    @Override
    public Answer ask(Question question) throws Exception {
        var field = Objects.requireNonNull(field(question.operation()));
        var mutation = schema.getMutationType() != null
                && field.equals(schema.getMutationType().getField(field.getName()));
        var declared = new ArrayList<String>();
        var passed = new ArrayList<String>();
        var variables = new LinkedHashMap<String, Object>();
        for (var argument : field.getArguments()) {
            var value = argument(argument.getName(), argument.getType(), question);
            if (!value.isMissingNode()) {
                declared.add("$" + argument.getName() + ": " + GraphQLTypeUtil.simplePrint(argument.getType()));
                passed.add(argument.getName() + ": $" + argument.getName());
                variables.put(argument.getName(), value);
            }
        }
        var document = "%s%s { %s%s %s }"
                .formatted(
                        mutation ? "mutation" : "query",
                        declared.isEmpty() ? "" : "(" + String.join(", ", declared) + ")",
                        field.getName(),
                        passed.isEmpty() ? "" : "(" + String.join(", ", passed) + ")",
                        selection(field.getType(), 0));
        var client = question.subject().isEmpty()
                ? service.anonymous()
                : service.as(question.subject(), question.roles().toArray(String[]::new));
        var body = new JsonMapper().writeValueAsString(Map.of("query", document, "variables", variables));
        return answer(client.post("/graphql", body).json(), field.getName());
    }

    private static Answer answer(JsonNode reply, String field) {
        var error = reply.at("/errors/0");
        if (!error.isMissingNode()) {
            return Answer.refused(error.at("/extensions/code").asText(), error.at("/extensions/fields"));
        }
        var data = reply.at("/data/" + field);
        if (data.has("code")) {
            return Answer.refused(data.at("/code").asText(), data.at("/fields"));
        }
        if (data.has("nodes")) {
            var page = (ObjectNode) data;
            page.set("items", page.remove("nodes"));
            page.set("next", page.at("/pageInfo/hasNextPage").asBoolean() ? page.at("/pageInfo/endCursor") : null);
            page.remove("pageInfo");
        }
        if (data instanceof ObjectNode object) {
            object.remove("__typename");
        }
        return Answer.done(data.equals(BooleanNode.TRUE) ? MissingNode.getInstance() : data, false);
    }

    private JsonNode argument(String name, GraphQLType type, Question question) {
        var json = JsonMapper.builder().build().createObjectNode();
        var value = switch (name) {
            case "input" -> converted(question.input(), type);
            case "first" -> question.input().path("limit");
            case "after" -> question.input().path("cursor");
            case "expectedVersion" ->
                question.version()
                        .<JsonNode>map(version -> json.numberNode(version))
                        .orElse(MissingNode.getInstance());
            case "idempotencyKey" ->
                question.key().<JsonNode>map(json::textNode).orElse(MissingNode.getInstance());
            default -> {
                var parameter = question.parameters().get(name);
                yield parameter != null
                        ? json.textNode(parameter)
                        : converted(question.input().path(name), type);
            }
        };
        return value;
    }

    /// Enums are written otherwise than by REST: `active` is `ACTIVE`, `-name` is `NAME_DESCENDING`.
    private static JsonNode converted(JsonNode value, GraphQLType type) {
        var plain = GraphQLTypeUtil.unwrapNonNull(type);
        if (plain instanceof GraphQLList list && value.isArray()) {
            var array = new JsonMapper().createArrayNode();
            value.forEach(element -> array.add(converted(element, GraphQLTypeUtil.unwrapOne(list))));
            return array;
        }
        if (plain instanceof GraphQLInputObjectType input && value.isObject()) {
            var object = new JsonMapper().createObjectNode();
            value.properties().forEach(field -> {
                var known = input.getField(field.getKey());
                object.set(
                        field.getKey(),
                        known == null ? field.getValue() : converted(field.getValue(), known.getType()));
            });
            return object;
        }
        return plain instanceof GraphQLEnumType && value.isTextual()
                ? new JsonMapper().createObjectNode().textNode(Question.constant(value.asText()))
                : value;
    }

    /// All fields that take no arguments.
    static String selection(GraphQLType type, int depth) {
        var plain = GraphQLTypeUtil.unwrapAll(type);
        return switch (plain) {
            case GraphQLUnionType union -> {
                var parts = new StringBuilder("{ __typename");
                union.getTypes()
                        .forEach(member -> parts.append(" ... on ")
                                .append(member.getName())
                                .append(' ')
                                .append(selection(member, depth)));
                yield parts.append(" }").toString();
            }
            case GraphQLInterfaceType shared -> "{ __typename }";
            case GraphQLObjectType object
            when depth < DEEPEST -> {
                var page = object.getField("nodes") != null;
                var parts = new StringBuilder("{");
                for (var field : object.getFieldDefinitions()) {
                    if (field.getArguments().isEmpty()
                            && !(page && field.getName().equals("edges"))) {
                        parts.append(' ')
                                .append(field.getName())
                                .append(' ')
                                .append(selection(field.getType(), depth + 1));
                    }
                }
                yield parts.append(" }").toString();
            }
            default -> "";
        };
    }
}
