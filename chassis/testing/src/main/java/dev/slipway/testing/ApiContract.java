package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/// Holds a service against its own OpenAPI document: bodies are changed at random, and what the document takes the
/// service takes, and the reverse; none is an error of the service.
///
/// A body is taken by the service if its answer is no `invalid-input`. What a document cannot say is left out: rules
/// between fields (the code `invalid`), and how many bytes the service reads (413).
public final class ApiContract {
    /// In ASCII: UTF-8 has no bytes for half a surrogate pair, which a client may well send.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int CHANGES = 300;

    private final JsonNode document;
    private final JsonSchema schemas;
    private final Function<String, TestClient> clients;

    private ApiContract(String document, Function<String, TestClient> clients) {
        this.document = read(document);
        this.schemas = new JsonSchema(this.document);
        this.clients = clients;
    }

    /// @param document the OpenAPI document that the service serves
    /// @param clients may each call the operation of that name; some hundred times, so that one alone may meet its limit
    /// @param samples a body for each operation that takes one, by the operation's name
    public static void holds(String document, Function<String, TestClient> clients, Map<String, String> samples) {
        holds(document, clients, samples, new Random().nextLong());
    }

    /// @param seed printed by a failure, to repeat it
    public static void holds(
            String document, Function<String, TestClient> clients, Map<String, String> samples, long seed) {
        var contract = new ApiContract(document, clients);
        var takeBodies = new ArrayList<String>();
        contract.document
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    var operation = method.getValue();
                    var schema = operation.at("/requestBody/content/application~1json/schema");
                    if (!schema.isMissingNode()) {
                        var name = operation.path("operationId").asText();
                        takeBodies.add(name);
                        var sample = samples.get(name);
                        if (sample != null) {
                            contract.compare(
                                    method.getKey(),
                                    path.getKey(),
                                    operation,
                                    schema,
                                    read(sample),
                                    new Random(seed),
                                    seed);
                        }
                    }
                }));
        assertThat(samples.keySet())
                .as("the operations with a body, each with a sample")
                .containsExactlyInAnyOrderElementsOf(takeBodies);
    }

    private void compare(
            String method,
            String path,
            JsonNode operation,
            JsonNode schema,
            JsonNode sample,
            Random random,
            long seed) {
        var name = operation.path("operationId").asText();
        assertThat(schemas.judge(schema, sample))
                .as("the sample of %s by the document", name)
                .isEqualTo(JsonSchema.Verdict.VALID);
        for (var i = 0; i < CHANGES; i++) {
            var body = i == 0 ? sample : changed(sample, random);
            var verdict = schemas.judge(schema, body);
            var reply = send(method, path, operation, written(body));
            var taken = taken(name, body, reply, seed);
            if (i == 0 && taken != Taken.YES) {
                fail("%s: the sample %s", name, describe(body, reply));
            }
            if (verdict != JsonSchema.Verdict.UNKNOWN
                    && taken != Taken.UNSAID
                    && (taken == Taken.YES) != (verdict == JsonSchema.Verdict.VALID)) {
                fail("%s (seed %s): %s by the document, but %s", name, seed, verdict, describe(body, reply));
            }
        }
    }

    private enum Taken {
        YES,
        NO,
        /// It depends on what no document says.
        UNSAID
    }

    private static Taken taken(String name, JsonNode body, TestReply reply, long seed) {
        if (reply.status() >= 500 || reply.status() == 401 || reply.status() == 403) {
            fail("%s (seed %s): %s", name, seed, describe(body, reply));
        }
        if (reply.status() == 413) {
            return Taken.UNSAID;
        }
        if (reply.status() != 400) {
            return Taken.YES;
        }
        var codes = new ArrayList<String>();
        reply.json()
                .path("errors")
                .forEach(error -> codes.add(error.path("code").asText()));
        return codes.stream().allMatch(code -> code.equals("invalid")) ? Taken.UNSAID : Taken.NO;
    }

    private static String describe(JsonNode body, TestReply reply) {
        return "%s%nis answered%n%s".formatted(written(body), reply);
    }

    private TestReply send(String method, String path, JsonNode operation, String body) {
        var target = clients.apply(operation.path("operationId").asText());
        for (var parameter : operation.path("parameters")) {
            if (parameter.path("name").asText().equals("If-Match")) {
                target = target.with("If-Match", "\"999\"");
            }
        }
        var address = path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        return switch (method) {
            case "post" -> target.post(address, body);
            case "put" -> target.put(address, body);
            case "patch" -> target.patch(address, body);
            default -> throw new IllegalStateException(method + " with a body");
        };
    }

    private static String written(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /// Changes one place, sometimes more.
    private static JsonNode changed(JsonNode sample, Random random) {
        var body = sample.deepCopy();
        do {
            var places = new ArrayList<JsonNode>();
            places.add(body);
            for (var i = 0; i < places.size(); i++) {
                places.get(i).forEach(child -> {
                    if (child.isContainerNode() && !child.isEmpty()) {
                        places.add(child);
                    }
                });
            }
            switch (places.get(random.nextInt(places.size()))) {
                case ObjectNode object -> change(object, random);
                case ArrayNode array -> change(array, random);
                default -> {}
            }
        } while (random.nextInt(4) == 0);
        return body;
    }

    private static void change(ObjectNode object, Random random) {
        var names = object.properties().stream().map(Map.Entry::getKey).toList();
        if (names.isEmpty() || random.nextInt(12) == 0) {
            object.put(RandomText.of(random, 8), 1);
            return;
        }
        var name = names.get(random.nextInt(names.size()));
        if (random.nextInt(6) == 0) {
            object.remove(name);
        } else {
            object.set(name, other(object.get(name), random));
        }
    }

    private static void change(ArrayNode array, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> array.removeAll();
            case 1 -> {
                var item = array.get(0);
                for (var i = random.nextInt(120); i > 0; i--) {
                    array.add(item.deepCopy());
                }
            }
            case 2 -> array.addNull();
            default -> array.set(random.nextInt(array.size()), other(array.get(0), random));
        }
    }

    private static JsonNode other(JsonNode value, Random random) {
        var nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(10)) {
            case 0 -> nodes.nullNode();
            case 8 -> nodes.textNode(OddTexts.ALL.get(random.nextInt(OddTexts.ALL.size())));
            case 9 -> nodes.numberNode(random.nextBoolean() ? 1_700_000_000 : 1_700_000_000.5);
            case 1 -> nodes.textNode(RandomText.of(random, 30));
            case 2 -> nodes.numberNode(random.nextLong() >> random.nextInt(64));
            case 3 ->
                List.<JsonNode>of(
                                nodes.booleanNode(true),
                                nodes.objectNode(),
                                nodes.arrayNode(),
                                nodes.arrayNode().add(1),
                                nodes.numberNode(1.5),
                                nodes.textNode("1"),
                                nodes.textNode(""),
                                nodes.textNode(" \t"))
                        .get(random.nextInt(8));
            default ->
                value.isTextual()
                        ? nodes.textNode(resized(value.asText(), random))
                        : nodes.numberNode(random.nextInt(5) - 2);
        };
    }

    /// Around the lengths that documents set, also with letters of two units each; or with a line's end.
    private static String resized(String text, Random random) {
        if (random.nextInt(6) == 0) {
            return text + "\n";
        }
        var lengths = List.of(1, 2, 3, 35, 50, 51, 64, 65, 99, 100, 101, 199, 200, 201, 254, 255, 10_000, 10_001);
        var length = lengths.get(random.nextInt(lengths.size()));
        var letter = random.nextBoolean() ? "a" : random.nextBoolean() ? "\ud83d\ude00" : "\u00e4";
        return letter.repeat(length);
    }
}
