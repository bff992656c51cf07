package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.testing.ContractSamples.Asker;
import dev.slipway.testing.Things.Made;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// What one protocol did, all protocols see: what was made and changed is read the same by each, field by field, and what
/// was deleted is gone by each.
final class Lifecycle {
    private final RestSpeaker rest;
    private final List<Speaker> speakers;
    private final Things things;
    private final Asker privileged;

    Lifecycle(ContractSamples samples, RestSpeaker rest, List<Speaker> speakers, Things things) {
        this.privileged = samples.privileged();
        this.rest = rest;
        this.speakers = List.copyOf(speakers);
        this.things = things;
    }

    private interface Story {
        void tell(Speaker speaker, List<String> record) throws Exception;
    }

    Stream<DynamicTest> tests() {
        var tests = new ArrayList<DynamicTest>();
        for (var operation : rest.operations()) {
            var route = rest.route(operation);
            if (things.creates(operation)) {
                tests.add(DynamicTest.dynamicTest(
                        "what " + operation + " makes is found where its answer says", () -> located(operation)));
                tests.addAll(byEach(
                        "what " + operation + " makes by %s is read by all",
                        operation,
                        (speaker, record) -> made(operation, speaker, record)));
            }
            if (route.takes("If-Match") && route.method().equals("put")) {
                tests.add(DynamicTest.dynamicTest(
                        operation + " takes any version, and tells the new one", () -> versioned(operation)));
                tests.addAll(byEach(
                        "what " + operation + " changes by %s is changed for all",
                        operation,
                        (speaker, record) -> changed(operation, speaker, record)));
            }
            if (route.method().equals("delete") && route.answers().has("204")) {
                tests.addAll(byEach(
                        "what " + operation + " deletes by %s is gone for all",
                        operation,
                        (speaker, record) -> deleted(operation, speaker, record)));
            }
        }
        return tests.stream();
    }

    private List<DynamicTest> byEach(String name, String operation, Story story) {
        return speakers.stream()
                .filter(speaker -> speaker.knows(operation))
                .map(speaker -> DynamicTest.dynamicTest(name.formatted(speaker.protocol()), () -> {
                    var record = new ArrayList<String>();
                    try {
                        story.tell(new Recorded(speaker, record), record);
                    } catch (AssertionError e) {
                        throw new AssertionError(e.getMessage() + "\n" + String.join("\n", record), e);
                    }
                }))
                .toList();
    }

    private Question question(String operation, Made made, String word) {
        return things.question(operation, privileged, made, things.input(operation, word));
    }

    private void located(String operation) {
        var word = Things.word();
        var question = question(operation, things.make(operation, word), word);
        if (rest.route(operation).takes("Idempotency-Key")) {
            question = question.withKey(UUID.randomUUID().toString());
        }
        var created = rest.reply(question, client -> client).expect(201);
        var location = created.header("Location");
        var read = rest.client(privileged.subject(), privileged.roles())
                .get(location)
                .expect(200);
        assertThat(read.json()).as("%s", read).isEqualTo(created.json());
        assertThat(read.header("ETag")).as("%s, after %s", read, created).isEqualTo(created.header("ETag"));
        if (created.json().has("version")) {
            read.expectHeader("ETag", "\"" + created.text("/version") + "\"");
        }
        if (question.key().isPresent()) {
            var again = rest.reply(question, client -> client).expect(201).expectHeader("Location", location);
            assertThat(again.body()).isEqualTo(created.body());
        }
    }

    private void made(String operation, Speaker speaker, List<String> record) throws Exception {
        var word = Things.word();
        var question = question(operation, things.make(operation, word), word);
        var answer = speaker.ask(question);
        assertThat(answer.code()).isEqualTo(Answer.DONE);
        requireShown("", question.input(), answer.value());
        requireSame(operation, operation, answer, record);
    }

    private void changed(String operation, Speaker speaker, List<String> record) throws Exception {
        var word = Things.word();
        var creator = things.creatorOf(operation).orElseThrow();
        var made = things.make(operation, word + "-1");
        var change = question(operation, made, word);
        var answer = speaker.ask(change);
        assertThat(answer.code()).isEqualTo(Answer.DONE);
        requireShown("", change.input(), answer.value());
        if (answer.value().has("version")) {
            assertThat(answer.value().get("version").asLong()).isEqualTo(Things.FIRST_VERSION + 1);
        }
        assertThat(speaker.ask(change).code()).as("the same once more").isEqualTo("stale-version");
        requireSame(creator, operation, answer, record);
    }

    /// Each operation that reads one of them says by each protocol the same, and what was answered already.
    private void requireSame(String creator, String operation, Answer answer, List<String> record) throws Exception {
        for (var reader : readers(creator)) {
            var answers = new LinkedHashMap<String, Answer>();
            if (rest.route(reader).answerName().equals(rest.route(operation).answerName())) {
                answers.put(operation, answer);
            }
            for (var listener : speakers) {
                if (listener.knows(reader)) {
                    var question = question(reader, things.shown(reader, answer.value()), Things.word());
                    answers.put(reader + " by " + listener.protocol(), new Recorded(listener, record).ask(question));
                }
            }
            assertThat(Answer.differencesOfOne(answers)).isEmpty();
        }
    }

    /// What was sent is in the answer, as far as that has fields of the same names.
    private static void requireShown(String path, JsonNode sent, JsonNode shown) {
        if (sent.isObject()) {
            sent.properties().stream()
                    .filter(field -> shown.has(field.getKey()))
                    .forEach(field ->
                            requireShown(path + "/" + field.getKey(), field.getValue(), shown.get(field.getKey())));
        } else if (sent.isArray()) {
            assertThat(shown).as(path).hasSameSizeAs(sent);
            IntStream.range(0, sent.size()).forEach(i -> requireShown(path + "/" + i, sent.get(i), shown.get(i)));
        } else {
            assertThat(shown.asText()).as(path).isEqualToIgnoringCase(sent.asText());
        }
    }

    private void versioned(String operation) {
        var word = Things.word();
        var made = things.make(operation, word + "-1");
        var seen = rest.reply(question(operation, made, word), client -> client).expect(200);
        seen.expectHeader("ETag", "\"" + (Things.FIRST_VERSION + 1) + "\"");
        var other = things.question(operation, privileged, made, Things.another(things.input(operation, word)));
        var any = rest.reply(other.withoutVersion(), client -> client.with("If-Match", "*"))
                .expect(200);
        any.expectHeader("ETag", "\"" + (Things.FIRST_VERSION + 2) + "\"");
    }

    private void deleted(String operation, Speaker speaker, List<String> record) throws Exception {
        var word = Things.word();
        var creator = things.creatorOf(operation).orElseThrow();
        var made = things.make(operation, word + "-1");
        assertThat(speaker.ask(question(operation, made, word)).code()).isEqualTo(Answer.DONE);
        for (var other : rest.operations()) {
            var route = rest.route(other);
            for (var listener : speakers) {
                if (!listener.knows(other) || !things.creatorOf(other).equals(Optional.of(creator))) {
                    continue;
                }
                var heard = new Recorded(listener, record);
                var about = things.shown(other, made.value().orElseThrow());
                var answer = heard.ask(question(other, about, word));
                if (route.isAboutOne() && !route.isPaged()) {
                    assertThat(answer.code()).isEqualTo("not-found");
                } else if (route.isPaged()) {
                    assertThat(answer.value().at("/items")).isEmpty();
                }
            }
        }
    }

    private List<String> readers(String creator) {
        return rest.operations().stream()
                .filter(other -> rest.route(other).method().equals("get"))
                .filter(other ->
                        rest.route(other).isAboutOne() && !rest.route(other).isPaged())
                .filter(other -> things.creatorOf(other).equals(Optional.of(creator)))
                .toList();
    }
}
