package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/// Protocol parity: for each operation, the same caller with the same input is told the same by REST, gRPC and GraphQL.
///
/// What there is to ask follows from what the service says of itself (OpenAPI, reflection, schema): each operation by
/// each caller about what is there, what is missing, what cannot be; with input that breaks each of its constraints; with
/// a version that somebody changed; the same and another thing with one key; the same twice. A service gives samples:
///
/// ```java
/// return Parity.of(service)
///         .caller("rob", "reader")
///         .caller("ada", "admin")
///         .things(unique -> Map.of("id", create(unique)))
///         .input("createWidget", unique -> "{\"name\": \"new %s\"}".formatted(unique))
///         .tests();
/// ```
///
/// A protocol that the service does not speak is left out; at least two must be there, or the tests are skipped.
public final class Parity {
    private static final long FIRST_VERSION = 1;
    private static final long STALE_VERSION = 99;
    private static final String PAGES = "pages in the order ";

    private record Asker(String subject, List<String> roles) {}

    private record Wrong(String name, Consumer<ObjectNode> change) {}

    private final TestService service;
    private final List<Asker> callers = new ArrayList<>(List.of(new Asker("", List.of())));
    private final Map<String, Function<String, String>> inputs = new LinkedHashMap<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, List<Wrong>> wrong = new LinkedHashMap<>();
    private final Map<String, String> alone = new LinkedHashMap<>();
    private final Map<String, String> orders = new LinkedHashMap<>();
    private final Map<String, Function<String, Map<String, String>>> thingsOf = new LinkedHashMap<>();
    private Function<String, Map<String, String>> things = unique -> Map.of();

    private Parity(TestService service) {
        this.service = service;
    }

    public static Parity of(TestService service) {
        return new Parity(service);
    }

    /// Besides somebody without a token, who always asks. `{id}` is the subject that the thing's parameter `id` names.
    public Parity caller(String subject, String... roles) {
        callers.add(new Asker(subject, List.of(roles)));
        return this;
    }

    /// Makes a thing of its own for each question and protocol.
    ///
    /// @param create is given a word that nobody has, and gives the values of the operations' parameters
    public Parity things(Function<String, Map<String, String>> create) {
        things = create;
        return this;
    }

    /// The same for an operation that is about other things.
    public Parity things(String operation, Function<String, Map<String, String>> create) {
        thingsOf.put(operation, create);
        return this;
    }

    /// Valid input of an operation, body or query, as JSON with the names of REST.
    ///
    /// @param json is given the word that its thing has
    public Parity input(String operation, Function<String, String> json) {
        inputs.put(operation, json);
        return this;
    }

    /// Input that no schema tells to be wrong.
    public Parity wrong(String operation, String name, Consumer<ObjectNode> change) {
        wrong.computeIfAbsent(operation, key -> new ArrayList<>()).add(new Wrong(name, change));
        return this;
    }

    /// Where the GraphQL field does not follow from the operation's name.
    public Parity field(String operation, String graphQlField) {
        fields.put(operation, graphQlField);
        return this;
    }

    /// An order that REST calls otherwise than the enum of the other protocols does.
    public Parity order(String inRest, String elsewhere) {
        orders.put(inRest, elsewhere);
        orders.put("-" + inRest, "-" + elsewhere);
        return this;
    }

    /// An operation that has an address in one protocol alone, and why.
    public Parity alone(String operation, String reason) {
        alone.put(operation, reason);
        return this;
    }

    /// A test for each question, and one that none of the protocols lacks an operation.
    public Stream<DynamicTest> tests() {
        var rest = new RestSpeaker(service);
        var speakers = new ArrayList<Speaker>(List.of(rest));
        if (service.speaks("grpc")) {
            GrpcSpeaker.of(service).ifPresent(speakers::add);
        }
        if (service.anonymous().get("/graphql/schema.graphqls").status() == 200) {
            GraphQlSpeaker.of(service, fields).ifPresent(speakers::add);
        }
        Assumptions.assumeTrue(speakers.size() > 1, "one protocol alone proves nothing");
        var tests = new ArrayList<DynamicTest>();
        tests.add(DynamicTest.dynamicTest("every protocol has every operation", () -> complete(rest, speakers)));
        for (var operation : rest.operations()) {
            if (!alone.containsKey(operation)) {
                callers.forEach(caller -> ask(rest.route(operation), operation, caller, speakers, tests));
            }
        }
        return tests.stream().onClose(() -> speakers.forEach(Speaker::close));
    }

    private void complete(RestSpeaker rest, List<Speaker> speakers) {
        var missing = rest.operations().stream()
                .filter(operation -> !alone.containsKey(operation))
                .flatMap(operation -> speakers.stream()
                        .filter(speaker -> !speaker.knows(operation))
                        .map(speaker -> operation + " by " + speaker.protocol()))
                .toList();
        assertThat(missing).as("operations that a protocol lacks").isEmpty();
    }

    private interface Dialogue {
        Answer hold(Speaker speaker, Question first) throws Exception;
    }

    private record Asked(String name, Dialogue dialogue) {

        /// One question.
        static Asked once(String name, UnaryOperator<Question> change) {
            return new Asked(name, (speaker, first) -> speaker.ask(change.apply(first)));
        }
    }

    private void ask(
            RestSpeaker.Route route, String operation, Asker caller, List<Speaker> speakers, List<DynamicTest> tests) {
        for (var asked : questions(route, operation, speakers.getFirst())) {
            var who = caller.subject().isEmpty() ? "anyone" : caller.subject();
            tests.add(DynamicTest.dynamicTest(operation + " by " + who + ": " + asked.name(), () -> {
                var answers = new LinkedHashMap<String, Answer>();
                for (var speaker : speakers) {
                    if (speaker.knows(operation)) {
                        answers.put(speaker.protocol(), say(speaker, asked, operation, caller));
                    }
                }
                assertThat(answers).as("protocols that know it").hasSizeGreaterThan(1);
                // What a query costs is a question of GraphQL alone.
                answers.values().removeIf(answer -> answer.code().equals("graphql-too-costly"));
                Assumptions.assumeTrue(answers.size() > 1, "GraphQL refused the cost, and there is no third protocol");
                assertThat(Answer.differences(answers)).isEmpty();
            }));
        }
    }

    private Answer say(Speaker speaker, Asked asked, String operation, Asker caller) throws Exception {
        var unique = "u" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        var create = thingsOf.getOrDefault(operation, things);
        var made = create.apply(unique);
        if (asked.name().startsWith(PAGES)) {
            for (var other : List.of("b", "c")) {
                var more = create.apply(unique + other);
                assertThat(more).as("things of the sample").isNotEmpty();
            }
        }
        var subject = caller.subject();
        for (var parameter : made.entrySet()) {
            subject = subject.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        var input = object(inputs.getOrDefault(operation, nothing -> "{}").apply(unique));
        var first = new Question(
                operation, subject, caller.roles(), made, input, Optional.of(FIRST_VERSION), Optional.empty());
        return asked.dialogue().hold(speaker, first).without(unique);
    }

    private List<Asked> questions(RestSpeaker.Route route, String operation, Speaker first) {
        var questions = new ArrayList<Asked>();
        questions.add(Asked.once("what is there", it -> it));
        if (route.path().contains("{")) {
            questions.add(Asked.once("what is missing", it -> about(it, new UUID(0, 7).toString())));
            if (route.hasId()) {
                questions.add(Asked.once("what cannot be", it -> about(it, "nope")));
            }
        }
        if (route.takes("If-Match")) {
            questions.add(Asked.once("what somebody changed", it -> it.withVersion(STALE_VERSION)));
        }
        if (route.takes("Idempotency-Key")) {
            questions.add(new Asked("the same again with its key", (speaker, it) -> {
                var keyed = it.withKey(UUID.randomUUID().toString());
                speaker.ask(keyed);
                return speaker.ask(keyed);
            }));
            questions.add(new Asked("another thing with its key", (speaker, it) -> {
                var keyed = it.withKey(UUID.randomUUID().toString());
                speaker.ask(keyed);
                return speaker.ask(keyed.withInput(another(it.input())));
            }));
        }
        if (route.method().equals("post")) {
            questions.add(new Asked("what was done already, by " + first.protocol(), (speaker, it) -> {
                first.ask(it);
                return speaker.ask(it);
            }));
        }
        if (!route.parameter("query", "cursor").isMissingNode()) {
            route.orders()
                    .forEach(order ->
                            questions.add(new Asked(PAGES + order, (speaker, it) -> pages(speaker, it, order))));
        }
        Constraints.of(route).forEach((name, change) -> questions.add(wrong(name, change)));
        wrong.getOrDefault(operation, List.of()).forEach(each -> questions.add(wrong(each.name(), each.change())));
        return questions;
    }

    /// Two pages, the second by the cursor of the first.
    private Answer pages(Speaker speaker, Question question, String order) throws Exception {
        var input = question.input().deepCopy().put("limit", 2);
        if (!order.isEmpty()) {
            input.put("sort", speaker instanceof RestSpeaker ? order : orders.getOrDefault(order, order));
        }
        var first = speaker.ask(question.withInput(input));
        var cursor = first.value().path("next").asText("");
        if (cursor.isEmpty() || first.value().path("next").isNull()) {
            return first;
        }
        var second = speaker.ask(question.withInput(input.deepCopy().put("cursor", cursor)));
        var both = new JsonMapper().createArrayNode().add(first.value()).add(second.value());
        return new Answer(second.code(), second.fields(), both, second.complete());
    }

    private static Asked wrong(String name, Consumer<ObjectNode> change) {
        return Asked.once(name, it -> {
            var input = it.input().deepCopy();
            change.accept(input);
            return it.withInput(input);
        });
    }

    private static Question about(Question question, String other) {
        var parameters = new LinkedHashMap<>(question.parameters());
        parameters.replaceAll((name, value) -> other);
        return question.withParameters(parameters);
    }

    /// The same but for its first text that may be any, or its first number.
    private static ObjectNode another(ObjectNode input) {
        var other = input.deepCopy();
        for (var field : input.properties()) {
            if (field.getValue().isNumber()) {
                return other.put(field.getKey(), field.getValue().asLong() + 1);
            }
            if (field.getValue().isTextual() && field.getKey().matches("(display)?[nN]ame|description|title")) {
                return other.put(field.getKey(), field.getValue().asText() + " 2");
            }
        }
        throw new IllegalArgumentException("no text or number of " + input + " can be another");
    }

    private static ObjectNode object(String json) {
        try {
            JsonNode read = new JsonMapper().readTree(json);
            return (ObjectNode) read;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
