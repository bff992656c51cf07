package dev.slipway.testing;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.testing.JsonSchema.Verdict;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Holds the queries of a service against its own OpenAPI document: what the document takes of each parameter the service
/// takes, and the reverse. Streams are left out, since they do not end.
///
/// A text is the number or the boolean that JSON would write so, and nothing else; `fields` are names of the answer's
/// fields. What a document cannot say is left out: rules between parameters (the code `invalid`), whether a cursor is one
/// (`cursor`), and how long a URL the service reads (414).
public final class QueryContract {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Set<String> RULES = Set.of("invalid", "cursor");
    private static final int RANDOM_TEXTS = 10;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "0",
            "-0",
            "1",
            " 1",
            "1 ",
            "\t1",
            "+1",
            "-1",
            "01",
            "1.0",
            "1.5",
            ".5",
            "1.",
            "1e1",
            "1E+1",
            "0x1",
            "1_0",
            "1,2",
            "1f",
            "NaN",
            "Infinity",
            "\u0661",
            "100",
            "101",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(100),
            "true",
            "false",
            "True",
            "TRUE",
            "FALSE",
            "yes",
            "a,b",
            "[1]",
            "{}",
            "\"1\"");

    private final JsonSchema schemas;
    private final TestClient client;
    private final long seed;

    private QueryContract(JsonNode document, TestClient client, long seed) {
        this.schemas = new JsonSchema(document);
        this.client = client;
        this.seed = seed;
    }

    /// @param document the OpenAPI document that the service serves
    /// @param clients may each call the operation of that name; some hundred times, so that one alone may meet its limit
    public static void holds(String document, Function<String, TestClient> clients) {
        holds(document, clients, new Random().nextLong());
    }

    /// @param seed printed by a failure, to repeat it
    public static void holds(String document, Function<String, TestClient> clients, long seed) {
        var root = read(document);
        root.path("paths").properties().forEach(path -> {
            var operation = path.getValue().path("get");
            if (!operation.isMissingNode() && !operation.toString().contains("text/event-stream")) {
                var client = clients.apply(operation.path("operationId").asText());
                new QueryContract(root, client, seed).compare(path.getKey(), operation);
            }
        });
    }

    private record Pair(String name, String value) {
        @Override
        public String toString() {
            return encoded(name) + "=" + encoded(value);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }

    private void compare(String path, JsonNode operation) {
        var random = new Random(seed);
        var parameters = new ArrayList<JsonNode>();
        operation.path("parameters").forEach(parameter -> {
            if (parameter.path("in").asText().equals("query")) {
                parameters.add(parameter);
            }
        });
        var required = new ArrayList<Pair>();
        for (var parameter : parameters) {
            if (parameter.path("required").asBoolean()) {
                required.add(new Pair(name(parameter), valid(parameter, random)));
            }
        }
        ask(path, operation, required, Verdict.VALID);
        var unknown = new LinkedHashSet<>(List.of("unknown", ""));
        for (var parameter : parameters) {
            var name = name(parameter);
            var others =
                    required.stream().filter(pair -> !pair.name().equals(name)).toList();
            if (others.size() < required.size()) {
                ask(path, operation, others, Verdict.INVALID);
            }
            if (name.equals("fields")) {
                compareFields(path, operation, others, random);
                continue;
            }
            for (var text : texts(schema(parameter), random)) {
                ask(path, operation, with(others, new Pair(name, text)), judge(schema(parameter), List.of(text)));
            }
            var twice = valid(parameter, random);
            ask(
                    path,
                    operation,
                    with(others, new Pair(name, twice), new Pair(name, twice)),
                    judge(schema(parameter), List.of(twice, twice)));
            unknown.addAll(List.of(name.toUpperCase(Locale.ROOT), name + " ", name + "[]", name + ".x"));
        }
        for (var name : unknown) {
            ask(path, operation, with(required, new Pair(name, "1")), Verdict.INVALID);
        }
    }

    private void compareFields(String path, JsonNode operation, List<Pair> others, Random random) {
        var answer = schemas.resolve(operation.at("/responses/200/content/application~1json/schema"));
        var item = answer.at("/properties/items/items");
        var isPage = !item.isMissingNode() && answer.at("/properties").has("next");
        var known = (isPage ? schemas.resolve(item) : answer)
                .path("properties").properties().stream().map(Map.Entry::getKey).toList();
        var texts = new LinkedHashSet<>(texts(JsonNodeFactory.instance.objectNode(), random));
        known.forEach(name -> texts.addAll(variants(name)));
        texts.add(String.join(",", known));
        for (var text : texts) {
            var verdict = known.containsAll(List.of(text.split(",", -1))) ? Verdict.VALID : Verdict.INVALID;
            ask(path, operation, with(others, new Pair("fields", text)), verdict);
        }
    }

    private static List<Pair> with(List<Pair> others, Pair... more) {
        var all = new ArrayList<>(others);
        all.addAll(List.of(more));
        return all;
    }

    private static String name(JsonNode parameter) {
        return parameter.path("name").asText();
    }

    private JsonNode schema(JsonNode parameter) {
        return schemas.resolve(parameter.path("schema"));
    }

    private String valid(JsonNode parameter, Random random) {
        return texts(schema(parameter), random).stream()
                .filter(text -> judge(schema(parameter), List.of(text)) == Verdict.VALID)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is known that fits " + parameter));
    }

    /// What may be taken for a value of the parameter.
    private Set<String> texts(JsonNode schema, Random random) {
        var texts = new LinkedHashSet<String>();
        var one = schemas.resolve(schema.path("items").isMissingNode() ? schema : schema.path("items"));
        one.path("enum").forEach(value -> texts.addAll(variants(value.asText())));
        for (var bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (one.path(bound).isIntegralNumber()) {
                var value = one.path(bound).bigIntegerValue();
                for (var step = -1; step <= 1; step++) {
                    texts.add(value.add(BigInteger.valueOf(step)).toString());
                }
            }
        }
        for (var bound : List.of("minLength", "maxLength")) {
            for (var length = one.path(bound).asInt(1) - 1;
                    length <= one.path(bound).asInt(1) + 1;
                    length++) {
                texts.add("a".repeat(Math.max(0, length)));
                texts.add("\ud83d\ude00".repeat(Math.max(0, length)));
            }
        }
        texts.addAll(OddTexts.ALL);
        texts.addAll(TEXTS);
        texts.addAll(List.of("EUR", "eur", "EURO", "EUR\n"));
        for (var i = 0; i < RANDOM_TEXTS; i++) {
            texts.add(new String(RandomText.of(random, 30).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static List<String> variants(String value) {
        return List.of(
                value,
                value.toUpperCase(Locale.ROOT),
                value.toLowerCase(Locale.ROOT),
                " " + value,
                value + " ",
                value + "," + value,
                "+" + value);
    }

    private Verdict judge(JsonNode schema, List<String> texts) {
        var types = JsonSchema.types(schema);
        if (types.contains("array")) {
            var items = JsonNodeFactory.instance.arrayNode();
            texts.forEach(text -> items.add(value(schemas.resolve(schema.path("items")), text)));
            return schemas.judge(schema, items);
        }
        return texts.size() > 1 ? Verdict.INVALID : schemas.judge(schema, value(schema, texts.getFirst()));
    }

    private static JsonNode value(JsonNode schema, String text) {
        var types = JsonSchema.types(schema);
        var isNumber = types.contains("integer") || types.contains("number");
        var isBoolean = types.contains("boolean") && (text.equals("true") || text.equals("false"));
        return isBoolean || (isNumber && NUMBER.matcher(text).matches()) ? read(text) : TextNode.valueOf(text);
    }

    private void ask(String path, JsonNode operation, List<Pair> query, Verdict verdict) {
        var address = path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        var pairs = query.stream().map(Pair::toString).toList();
        var asked = pairs.isEmpty() ? address : address + "?" + String.join("&", pairs);
        var reply = client.get(asked);
        if (reply.status() >= 500 || List.of(401, 403, 429).contains(reply.status())) {
            fail(
                    "%s (seed %s): GET %s is answered%n%s",
                    operation.path("operationId").asText(), seed, asked, reply);
        }
        if (verdict != Verdict.UNKNOWN && !isUnsaid(reply) && (reply.status() != 400) != (verdict == Verdict.VALID)) {
            fail(
                    "%s (seed %s): %s by the document, but GET %s is answered%n%s",
                    operation.path("operationId").asText(), seed, verdict, asked, reply);
        }
    }

    private static boolean isUnsaid(TestReply reply) {
        if (reply.status() == 414) {
            return true;
        }
        if (reply.status() != 400) {
            return false;
        }
        var codes = new ArrayList<String>();
        reply.json()
                .path("errors")
                .forEach(error -> codes.add(error.path("code").asText()));
        return RULES.containsAll(codes) && !codes.isEmpty();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
