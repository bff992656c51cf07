package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.testkit.CapturedLog;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/// Whatever is sent, it is answered or refused: no input alone is a failure of the service, or leaves a stack in its log.
@Timeout(120)
class FuzzTest {
    private static final int DOCUMENTS = 1_500;
    /// They fail or wait on purpose.
    private static final Set<String> LEFT_OUT =
            Set.of("broken", "brokenFirmly", "wait", "meet", "meetLate", "idle", "endless", "added");
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final List<String> TEXTS = List.of(
            "b1",
            "",
            "Ann",
            "\u0000",
            "a\u0000b",
            "\ud800",
            "\udfff x",
            "\uFEFF",
            "e\u0301",
            "👩‍👩‍👧",
            "٣",
            "1e999",
            "2026-01-01T00:00:00Z",
            "9999999999-99-99",
            "\\u0000",
            "\"",
            "\n",
            "\u2028",
            "x".repeat(300));
    private static final List<String> LITERALS = List.of(
            "1",
            "-1",
            "0",
            "99999999999999999999999999",
            "1.5",
            "1e400",
            "-0.0",
            "true",
            "null",
            "FICTION",
            "NONE",
            "\"b1\"",
            "\"\"",
            "\"\\u0000\"",
            "\"\\uD83D\"",
            "\"\\uDFFF\\uD800\"",
            "\"\"\"block \u0000\"\"\"",
            "[]",
            "[1, \"x\", null]",
            "[[[]]]",
            "{}",
            "{a: 1}",
            "{title: null, title: \"x\"}",
            "$v",
            "$nothing");
    private static final List<String> DIRECTIVES = List.of(
            "@skip(if: true)",
            "@skip(if: false)",
            "@include(if: true)",
            "@include(if: false)",
            "@skip",
            "@include(if: null)",
            "@skip(if: \"x\")",
            "@skip(if: $v)",
            "@include(if: $v)",
            "@deprecated",
            "@deprecated(reason: \"x\")",
            "@specifiedBy(url: \"x\")",
            "@oneOf",
            "@defer",
            "@defer(if: true, label: \"a\")",
            "@stream(initialCount: 0)",
            "@unknown",
            "@experimental_disableErrorPropagation");

    private static Site site;
    private static GraphQLSchema schema;
    private CapturedLog log;

    private final Random random = new Random(seed());

    private static long seed() {
        var seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    @BeforeAll
    static void start() throws InterruptedException {
        site = Site.start();
        schema = UnExecutableSchemaGenerator.makeUnExecutableSchema(
                site.graph.schema().registry());
    }

    @BeforeEach
    void listen() {
        log = CapturedLog.of(Logger.ROOT_LOGGER_NAME);
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private List<String> stacks() {
        return log.events().stream()
                .filter(event ->
                        event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.ERROR))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subscription { count(to: 1) @skip(if: true) }",
                "subscription { count(to: 1) @include(if: false) }",
                "subscription($v: Boolean!) { count(to: 1) @skip(if: $v) }",
                "subscription { ...F @skip(if: true) } fragment F on Subscription { count(to: 1) }",
                "subscription { ... @include(if: false) { count(to: 1) } }",
                "subscription { count(to: 1) count2: count(to: 2) }",
                "subscription { __typename }",
                "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
                "{ __schema { __typename } a: __schema { __typename } }",
                "{ a: __type(name: \"Book\") { name } b: __type(name: \"Book\") { name } }",
                "{ __type(name: \"Book\") { fields { type { fields { type { fields { name } } } } } } }"
            })
    void what_the_library_refuses_by_an_exception_is_refused_with_400(String document) {
        var reply = site.query(document, "{\"v\":true}", "Accept", "application/graphql-response+json");

        assertThat(reply.status()).as(reply.response().body()).isEqualTo(400);
        assertThat(reply.json().has("data")).isFalse();
        assertThat(stacks()).isEmpty();
    }

    @Test
    void no_document_and_no_variables_are_a_failure_of_the_service() throws JsonProcessingException {
        for (var i = 0; i < DOCUMENTS; i++) {
            var document = document();
            if (random.nextInt(4) == 0) {
                document = damaged(document);
            }
            var request = new LinkedHashMap<String, Object>();
            request.put("query", document);
            request.put("variables", Map.of("v", value(2), "other", value(1)));
            if (random.nextInt(8) == 0) {
                request.put("operationName", text());
            }
            var body = ASCII.writeValueAsString(request);
            var streams = document.contains("subscription");

            var reply = site.post(body, "Accept", streams ? "text/event-stream" : "application/json");

            assertThat(reply.status())
                    .as("%s%n%s", body, reply.response().body())
                    .isLessThan(500);
            assertThat(reply.response().body()).as(body).doesNotContain("internal-error");
            assertThat(stacks()).as(body).isEmpty();
        }
    }

    @Test
    void no_message_of_a_socket_is_a_failure_of_the_service() throws Exception {
        var types = List.of("subscribe", "subscribe", "subscribe", "complete", "ping", "pong", "connection_init", "x");
        for (var i = 0; i < 150; i++) {
            try (var talk = Talk.begin(site)) {
                for (var j = 0; j < 4; j++) {
                    var message = new LinkedHashMap<String, Object>();
                    message.put("type", random.nextInt(20) == 0 ? value(1) : any(types));
                    message.put("id", random.nextInt(10) == 0 ? value(1) : text() + j);
                    message.put(
                            "payload",
                            random.nextInt(10) == 0
                                    ? value(2)
                                    : Map.of("query", document(), "variables", Map.of("v", value(2))));
                    talk.trySay(ASCII.writeValueAsString(message));
                }

                assertThat(talk.leave()).isIn(1000, 4400, 4409, 4429);
            }
            assertThat(stacks()).isEmpty();
        }
    }

    private String document() {
        var type = random.nextInt(10);
        var root =
                type < 6 ? schema.getQueryType() : type < 8 ? schema.getMutationType() : schema.getSubscriptionType();
        var variable = random.nextInt(3) == 0
                ? ""
                : "($v: %s%s)"
                        .formatted(
                                any(List.of(
                                        "Int",
                                        "ID!",
                                        "String",
                                        "Boolean!",
                                        "[Int!]",
                                        "AddBook",
                                        "Genre",
                                        "Long",
                                        "DateTime",
                                        "Nothing")),
                                random.nextInt(3) == 0 ? " = " + any(LITERALS) : "");
        var name = root.getName().toLowerCase(java.util.Locale.ROOT) + " Q" + variable + directives();
        return name
                + selections(root, 4)
                + (random.nextInt(4) == 0 ? " fragment F on Book" + directives() + " { id ...F }" : "");
    }

    private String selections(GraphQLType type, int depth) {
        if (type instanceof GraphQLUnionType union) {
            return union.getTypes().stream()
                    .map(member -> " ... on " + member.getName() + directives() + selections(member, depth - 1))
                    .collect(Collectors.joining("", " { __typename", " }"));
        }
        if (!(type instanceof GraphQLFieldsContainer container)) {
            return random.nextInt(50) == 0 ? " { id }" : "";
        }
        var fields = container.getFieldDefinitions().stream()
                .filter(field -> !LEFT_OUT.contains(field.getName()))
                .filter(field ->
                        depth > 0 || !(GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLFieldsContainer))
                .toList();
        var isRoot = type.equals(schema.getSubscriptionType());
        var chosen = IntStream.range(0, isRoot ? 1 : 1 + random.nextInt(3))
                .mapToObj(i -> fields.isEmpty() ? "__typename" : field(any(fields), depth))
                .collect(Collectors.joining(" "));
        return " { " + chosen + (random.nextInt(6) == 0 ? " __typename" + directives() : "") + " }";
    }

    private String field(GraphQLFieldDefinition field, int depth) {
        var alias = random.nextInt(5) == 0 ? "a" + random.nextInt(5) + ": " : "";
        var arguments = field.getArguments().stream()
                .filter(argument -> GraphQLTypeUtil.isNonNull(argument.getType()) || random.nextBoolean())
                .map(argument -> argument.getName() + ": " + literal(argument))
                .collect(Collectors.joining(", "));
        return alias
                + field.getName()
                + (arguments.isEmpty() ? "" : "(" + arguments + ")")
                + directives()
                + selections(GraphQLTypeUtil.unwrapAll(field.getType()), depth - 1);
    }

    /// Mostly of the right type.
    private String literal(GraphQLArgument argument) {
        if (random.nextInt(5) == 0) {
            return any(LITERALS);
        }
        return literal(GraphQLTypeUtil.unwrapAll(argument.getType()));
    }

    private String literal(GraphQLType type) {
        if (type instanceof GraphQLInputObjectType object) {
            return object.getFieldDefinitions().stream()
                    .filter(field -> random.nextInt(10) > 0)
                    .map(field -> field.getName() + ": "
                            + (random.nextInt(6) == 0
                                    ? any(LITERALS)
                                    : literal(GraphQLTypeUtil.unwrapAll(field.getType()))))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return switch (GraphQLTypeUtil.simplePrint(type)) {
            case "Int" -> String.valueOf(random.nextInt(8));
            case "Long" -> String.valueOf(random.nextLong());
            case "Boolean" -> "true";
            case "Genre" -> random.nextBoolean() ? "FICTION" : "SCIENCE";
            default -> quoted(text());
        };
    }

    private String quoted(String text) {
        return random.nextBoolean()
                ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""
                : text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
    }

    private String directives() {
        return random.nextInt(8) > 0
                ? ""
                : " " + any(DIRECTIVES) + (random.nextInt(4) == 0 ? " " + any(DIRECTIVES) : "");
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble() * 1e300;
            case 3 -> random.nextBoolean();
            case 4 -> new java.math.BigInteger("9".repeat(1 + random.nextInt(60)));
            case 5, 6 -> text();
            case 7 -> List.of(value(depth - 1), value(depth - 1));
            default -> {
                var map = new HashMap<String, Object>();
                List.of("title", "genre", "author", text()).forEach(name -> map.put(name, value(depth - 1)));
                yield map;
            }
        };
    }

    private String text() {
        return any(TEXTS);
    }

    private String damaged(String document) {
        var at = random.nextInt(document.length());
        return switch (random.nextInt(3)) {
            case 0 -> document.substring(0, at) + any(TEXTS) + document.substring(at);
            case 1 ->
                document.substring(0, at) + document.substring(Math.min(document.length(), at + 1 + random.nextInt(3)));
            default ->
                document.substring(0, at)
                        + any(List.of("{", "}", "(", ")", "...", "$", "@", "!", "#", ":", "&", "|"))
                        + document.substring(at);
        };
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
