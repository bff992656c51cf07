package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Protocol parity: the same caller with the same input is told the same by each protocol.
///
/// A test lists what is asked, once for each protocol; each question becomes a test, which compares the answers.
///
/// ```java
/// parity.ask("readProduct by anyone", Map.of("REST", () -> …, "gRPC", () -> …, "GraphQL", () -> …))
/// ```
///
/// For one thread.
public final class Parity {
    private final Map<String, Map<String, Callable<Answer>>> questions = new LinkedHashMap<>();

    /// What a caller is told, whatever the protocol.
    ///
    /// @param code `done`, or the stable code of the refusal
    /// @param fields the wrong ones with the codes of their rules, sorted
    /// @param value what is left of the answer that does not differ from call to call; a text, so that protocols with
    ///     different types can be compared
    public record Answer(String code, List<String> fields, String value) {
        private static final String DONE = "done";

        public Answer {
            fields = fields.stream().sorted().toList();
        }

        public static Answer done(String value) {
            return new Answer(DONE, List.of(), value);
        }

        /// @param fields each as `field rule`
        public static Answer refused(String code, List<String> fields) {
            return new Answer(code, fields, "");
        }

        /// Of REST.
        ///
        /// @param value makes the comparable text of a successful answer; of an empty body it is not asked
        public static Answer ofRest(TestReply reply, Function<JsonNode, String> value) {
            if (reply.status() < 400) {
                return done(reply.body().isEmpty() ? "" : value.apply(reply.json()));
            }
            return refused(reply.text("/code"), fields(reply.json().at("/errors")));
        }

        /// Of GraphQL: of one root field, be the refusal a member of its union or an error.
        public static Answer ofGraphQl(TestReply reply, String field, Function<JsonNode, String> value) {
            var errors = reply.json().at("/errors");
            if (!errors.isEmpty()) {
                var extensions = errors.at("/0/extensions");
                return refused(extensions.at("/code").asText(), fields(extensions.at("/fields")));
            }
            var data = reply.json().at("/data/" + field);
            if (data.has("code")) {
                return refused(data.at("/code").asText(), fields(data.at("/fields")));
            }
            return done(value.apply(data));
        }

        private static List<String> fields(JsonNode errors) {
            var fields = new ArrayList<String>();
            errors.forEach(error -> fields.add(
                    error.at("/field").asText() + " " + error.at("/code").asText()));
            return fields;
        }
    }

    /// Adds a question.
    ///
    /// @param name of the test
    /// @param byProtocol asks it, by the protocol's name; each on things of its own if it changes something
    public Parity ask(String name, Map<String, Callable<Answer>> byProtocol) {
        if (byProtocol.size() < 2) {
            throw new IllegalArgumentException(name + ": one protocol alone proves nothing");
        }
        if (questions.putIfAbsent(name, Map.copyOf(byProtocol)) != null) {
            throw new IllegalArgumentException("two questions are named " + name);
        }
        return this;
    }

    /// A test for each question.
    public Stream<DynamicTest> tests() {
        return questions.entrySet().stream()
                .map(question -> DynamicTest.dynamicTest(question.getKey(), () -> compare(question.getValue())));
    }

    private static void compare(Map<String, Callable<Answer>> byProtocol) throws Exception {
        var answers = new LinkedHashMap<String, Answer>();
        for (var protocol : byProtocol.entrySet()) {
            answers.put(protocol.getKey(), protocol.getValue().call());
        }
        assertThat(answers.values().stream().distinct()).as("%s", answers).hasSize(1);
    }
}
