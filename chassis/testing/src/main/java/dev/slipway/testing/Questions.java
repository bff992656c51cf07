package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.testing.ContractSamples.Asker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/// Asks each operation by each caller and each protocol, and holds what is answered against what was promised, and the
/// protocols against each other.
///
/// What there is to ask follows from what the service says of itself: about what is there, what is missing, what cannot
/// be; with input that breaks each of its constraints; with a version that somebody changed, or none; the same and another
/// thing with one key; the same twice; pages in each order.
final class Questions {
    private static final long STALE_VERSION = 99;
    private static final String WHAT_IS_THERE = "what is there";
    private static final int THINGS = 5;
    private static final int PAGES = 100;
    private final ContractSamples samples;
    private final RestSpeaker rest;
    private final List<Speaker> speakers;
    private final Things things;

    Questions(ContractSamples samples, RestSpeaker rest, List<Speaker> speakers, Things things) {
        this.samples = samples;
        this.rest = rest;
        this.speakers = List.copyOf(speakers);
        this.things = things;
    }

    private interface Dialogue {
        Answer hold(Speaker speaker, Question first, String word) throws Exception;
    }

    /// @param code what who may is told; empty if that depends on the service
    /// @param field the one that is wrong; empty if none
    private record Asked(String name, Predicate<Speaker> by, Optional<String> code, String field, Dialogue dialogue) {

        static Asked of(String name, Optional<String> code, Dialogue dialogue) {
            return new Asked(name, Questions::byAll, code, "", dialogue);
        }

        /// One question that is answered so.
        static Asked once(String name, String code, UnaryOperator<Question> change) {
            return of(name, Optional.of(code), (speaker, first, word) -> speaker.ask(change.apply(first)));
        }

        static Asked wrong(String name, String field, UnaryOperator<ObjectNode> change) {
            return new Asked(
                    name,
                    Questions::byAll,
                    Optional.of("invalid-input"),
                    field,
                    (speaker, first, word) -> speaker.ask(first.withInput(change.apply(first.input()))));
        }

        Asked by(Predicate<Speaker> some) {
            return new Asked(name, some, code, field, dialogue);
        }
    }

    Stream<DynamicTest> tests() {
        var tests = new ArrayList<DynamicTest>();
        tests.add(DynamicTest.dynamicTest("every protocol has every operation", this::complete));
        for (var operation : rest.operations()) {
            for (var asker : samples.isAlone(operation) ? List.<Asker>of() : samples.askers()) {
                for (var asked : questions(operation, asker)) {
                    tests.add(DynamicTest.dynamicTest(
                            operation + " by " + asker.name() + ": " + asked.name(),
                            () -> ask(operation, asker, asked)));
                }
            }
        }
        return tests.stream();
    }

    private void complete() {
        var missing = rest.operations().stream()
                .filter(operation -> !samples.isAlone(operation))
                .flatMap(operation -> speakers.stream()
                        .filter(speaker -> !speaker.knows(operation))
                        .map(speaker -> operation + " by " + speaker.protocol()))
                .toList();
        assertThat(missing).as("operations that a protocol lacks").isEmpty();
    }

    private void ask(String operation, Asker asker, Asked asked) throws Exception {
        var record = new ArrayList<String>();
        var answers = new LinkedHashMap<String, Answer>();
        for (var speaker : speakers) {
            if (speaker.knows(operation) && asked.by().test(speaker)) {
                var word = Things.word();
                var made = things.make(operation, word + "-1");
                var first = things.question(operation, asker, made, things.input(operation, word));
                var answer = asked.dialogue().hold(new Recorded(speaker, record), first, word);
                answers.put(speaker.protocol(), answer.without(word));
            }
        }
        // What a query costs is a question of GraphQL alone.
        answers.values().removeIf(answer -> answer.code().equals("graphql-too-costly"));
        Assumptions.assumeFalse(answers.isEmpty(), "GraphQL refused the cost, and nobody else was asked");
        var said = String.join("\n", record);
        if (asker.may(operation)) {
            asked.code()
                    .ifPresent(code -> assertThat(answers.values())
                            .as(said)
                            .allSatisfy(answer -> assertThat(answer.code()).isEqualTo(code)));
            // A rule of the whole is invalid where it stands.
            assertThat(answers.values())
                    .as("%s is named by%n%s", asked.field(), said)
                    .allMatch(answer -> asked.field().isEmpty()
                            || answer.fields().stream()
                                    .anyMatch(it -> it.startsWith(asked.field() + " ") || it.endsWith(" invalid")));
        } else if (asked.name().equals(WHAT_IS_THERE)) {
            assertThat(answers.values())
                    .as(said)
                    .allSatisfy(answer -> assertThat(answer.code()).isEqualTo(asker.told(operation)));
        }
        assertThat(Answer.differences(answers)).as(said).isEmpty();
    }

    private List<Asked> questions(String operation, Asker asker) {
        var route = rest.route(operation);
        var questions = new ArrayList<Asked>();
        questions.add(Asked.once(WHAT_IS_THERE, Answer.DONE, it -> it));
        if (route.isAboutOne()) {
            questions.addAll(aboutNothing(route, asker));
        }
        if (route.takes("If-Match")) {
            questions.add(Asked.once("what somebody changed", "stale-version", it -> it.withVersion(STALE_VERSION)));
            questions.add(Asked.once("a version that it does not say", "version-required", Question::withoutVersion)
                    .by(Questions::notByGraphQl));
        }
        if (route.takes("Idempotency-Key")) {
            questions.addAll(keyed(asker.may(operation)));
        }
        if (route.method().equals("post")) {
            questions.add(Asked.of("what was done already, by REST", Optional.empty(), (speaker, it, word) -> {
                rest.ask(it);
                return speaker.ask(it);
            }));
        }
        // Whose question it is plays no part in these, once anybody who may and somebody who may not have asked.
        if (asker.everything()) {
            questions.addAll(queried(route));
        }
        if (asker.everything()) {
            for (var each : samples.also(operation)) {
                questions.add(Asked.of(
                        each.name(),
                        Optional.of(Answer.DONE),
                        (speaker, it, word) -> speaker.ask(it.withInput(ContractSamples.written(each.json(), word)))));
            }
        }
        if (asker.everything() || asker.subject().isEmpty()) {
            questions.addAll(wrong(route, operation));
        }
        return questions;
    }

    private List<Asked> wrong(RestSpeaker.Route route, String operation) {
        var questions = new ArrayList<Asked>();
        Constraints.of(route)
                .forEach((name, constraint) -> questions.add(Asked.wrong(name, constraint.field(), it -> {
                            var input = it.deepCopy();
                            constraint.change().accept(input);
                            return input;
                        })
                        .by(constraint.isOfSchema() ? Questions::notByGraphQl : Questions::byAll)));
        for (var each : samples.wrong(operation)) {
            questions.add(Asked.wrong(each.name(), "", it -> Things.replaced(it, each.pointer(), each.value())));
        }
        return questions;
    }

    private static List<Asked> aboutNothing(RestSpeaker.Route route, Asker asker) {
        // A page of what is missing is empty.
        var expected = route.isPaged() ? Answer.DONE : asker.isOwner() ? "forbidden" : "not-found";
        var missing = Asked.once("what is missing", expected, it -> about(it, new UUID(0, 7).toString()));
        return !route.hasId()
                ? List.of(missing)
                : List.of(
                        missing,
                        Asked.of(
                                "what cannot be",
                                asker.isOwner() ? Optional.empty() : Optional.of("not-found"),
                                (speaker, it, word) -> speaker.ask(about(it, "nope"))));
    }

    private static Question about(Question question, String other) {
        var parameters = new LinkedHashMap<>(question.parameters());
        parameters.replaceAll((name, value) -> other);
        return question.withParameters(parameters);
    }

    private static List<Asked> keyed(boolean may) {
        return List.of(
                Asked.of("the same again with its key", Optional.of(Answer.DONE), (speaker, it, word) -> {
                    var keyed = it.withKey(UUID.randomUUID().toString());
                    var first = speaker.ask(keyed);
                    var second = speaker.ask(keyed);
                    if (may) {
                        assertThat(second).as("%s again", keyed).isEqualTo(first);
                    }
                    return second;
                }),
                Asked.of("another thing with its key", Optional.of("idempotency-mismatch"), (speaker, it, word) -> {
                    var keyed = it.withKey(UUID.randomUUID().toString());
                    speaker.ask(keyed);
                    return speaker.ask(keyed.withInput(Things.another(it.input())));
                }));
    }

    private List<Asked> queried(RestSpeaker.Route route) {
        var questions = new ArrayList<Asked>();
        if (route.isPaged()) {
            for (var order : route.orders()) {
                questions.add(Asked.of(
                        order.isEmpty() ? "pages" : "pages in the order " + order,
                        Optional.of(Answer.DONE),
                        (speaker, it, word) -> pages(speaker, it, order, word)));
            }
            questions.add(Asked.wrong(
                    "an unreadable cursor", "cursor", it -> it.deepCopy().put("cursor", "bm9wZQ")));
        }
        if (!route.parameter("query", "search").isMissingNode()) {
            questions.add(Asked.of(
                    "a search takes its text literally",
                    Optional.of(Answer.DONE),
                    (speaker, it, word) -> literally(speaker, it, word)));
        }
        if (route.method().equals("get")) {
            questions.add(Asked.wrong(
                            "a parameter that it does not know",
                            "unheardOf",
                            it -> it.deepCopy().put("unheardOf", "1"))
                    .by(Questions::byRest));
        }
        for (var parameter : route.filters().entrySet()) {
            for (var value : parameter.getValue()) {
                questions.add(Asked.once(
                        "only " + parameter.getKey() + " " + value,
                        Answer.DONE,
                        it -> it.withInput(it.input().deepCopy().put(parameter.getKey(), value))));
            }
        }
        if (!route.parameter("query", "limit").isMissingNode()) {
            questions.add(Asked.wrong(
                            "a limit that is no number",
                            "limit",
                            it -> it.deepCopy().put("limit", "many"))
                    .by(Questions::byRest));
        }
        return questions;
    }

    /// All pages, each by the cursor of the one before.
    private Answer pages(Speaker speaker, Question question, String order, String word) throws Exception {
        var operation = question.operation();
        var made = new ArrayList<String>();
        if (!rest.route(operation).isAboutOne()) {
            for (var i = 2; i <= THINGS; i++) {
                made.add(things.make(operation, word + "-" + i).id());
            }
        }
        var input = question.input().deepCopy().put("limit", 2);
        if (!order.isEmpty()) {
            input.put("sort", order);
        }
        var items = new ArrayList<JsonNode>();
        var answer = speaker.ask(question.withInput(input));
        for (var page = 1; page < PAGES && answer.code().equals(Answer.DONE); page++) {
            answer.value().at("/items").forEach(items::add);
            var cursor = answer.value().path("next").asText("");
            if (cursor.isEmpty() || answer.value().path("next").isNull()) {
                break;
            }
            answer = speaker.ask(question.withInput(input.deepCopy().put("cursor", cursor)));
        }
        var seen = items.stream().map(item -> item.at("/id").asText()).toList();
        assertThat(seen)
                .as("what stands on the pages by %s", speaker.protocol())
                .doesNotHaveDuplicates();
        if (!made.isEmpty()) {
            assertThat(seen).as("what stands on the pages").hasSize(THINGS).containsAll(made);
        }
        if (!order.isEmpty()) {
            requireOrder(items, order);
        }
        return new Answer(answer.code(), answer.fields(), Things.array(items), answer.complete());
    }

    /// `name` is the order of the field `name`, `created` of `createdAt`, a minus turns it around.
    private static void requireOrder(List<JsonNode> items, String order) {
        var field = order.replaceFirst("^-", "");
        var values = items.stream()
                .map(item -> item.has(field) ? item.get(field) : item.path(field + "At"))
                .toList();
        assertThat(values).as("the field of the order " + order).noneMatch(JsonNode::isMissingNode);
        Comparator<JsonNode> ascending = Questions::compare;
        assertThat(values)
                .as("in the order " + order)
                .isSortedAccordingTo(order.startsWith("-") ? ascending.reversed() : ascending);
    }

    private static int compare(JsonNode left, JsonNode right) {
        return left.isNumber()
                ? Double.compare(left.asDouble(), right.asDouble())
                : left.asText().matches("\\d{4}-\\d\\d-\\d\\dT[^ ]+Z")
                        ? Instant.parse(left.asText()).compareTo(Instant.parse(right.asText()))
                        : left.asText().compareTo(right.asText());
    }

    /// What is special to PostgreSQL finds itself, and nothing else.
    private Answer literally(Speaker speaker, Question question, String word) throws Exception {
        for (var special : List.of("%" + word.substring(1), "_" + word.substring(1), "\\" + word)) {
            var nothing =
                    speaker.ask(question.withInput(question.input().deepCopy().put("search", special)));
            assertThat(nothing.value().at("/items"))
                    .as("what %s finds: %s", special, nothing)
                    .isEmpty();
        }
        var creator = things.creatorOf(question.operation()).orElseThrow();
        var plain = things.input(creator, word + "-2");
        var name = Things.freeText(plain).orElseThrow();
        var text = plain.get(name).asText() + " 5%_\\ off";
        things.create(creator, Things.replaced(plain, "/" + name, JsonNodeFactory.instance.textNode(text)));
        var found = speaker.ask(question.withInput(question.input().deepCopy().put("search", text)));
        assertThat(IntStream.range(0, found.value().at("/items").size())
                        .mapToObj(i ->
                                found.value().at("/items/" + i + "/" + name).asText()))
                .as("what %s finds: %s", text, found)
                .containsExactly(text);
        return found;
    }

    private static boolean byAll(Speaker speaker) {
        return true;
    }

    private static boolean byRest(Speaker speaker) {
        return speaker.protocol().equals("REST");
    }

    /// GraphQL's schema refuses it by itself.
    private static boolean notByGraphQl(Speaker speaker) {
        return !speaker.protocol().equals("GraphQL");
    }
}
