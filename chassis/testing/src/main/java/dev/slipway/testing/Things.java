package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.testing.ContractSamples.Asker;
import dev.slipway.testing.ContractSamples.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Makes what operations are about, by those of the service's own operations that make something.
final class Things {
    static final long FIRST_VERSION = 1;
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    /// A text that may be any.
    private static final Pattern FREE_TEXT = Pattern.compile("(display)?[nN]ame|description|title");

    private final RestSpeaker rest;
    private final ContractSamples samples;

    /// Something that was made for a question.
    ///
    /// @param parameters of the operation that is asked
    /// @param value as its creator's answer shows it; empty if nothing was made
    record Made(Map<String, String> parameters, Optional<JsonNode> value) {

        String id() {
            return value.orElseThrow().at("/id").asText();
        }
    }

    Things(RestSpeaker rest, ContractSamples samples) {
        this.rest = rest;
        this.samples = samples;
    }

    /// A word that nobody has, for names and addresses.
    static String word() {
        return "u" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    }

    /// Whether it makes something that has an address of its own.
    boolean creates(String operation) {
        return rest.route(operation).answers().has("201");
    }

    /// The operation that makes what this one is about; empty if none does.
    Optional<String> creatorOf(String operation) {
        var said = samples.origin(operation).map(Origin::creator);
        var path = rest.route(operation).path();
        var creators = rest.operations().stream()
                .filter(other -> !other.equals(operation) && creates(other))
                .toList();
        return said.or(() -> creators.stream()
                        .filter(other ->
                                (path + "/").startsWith(rest.route(other).path() + "/"))
                        .findFirst())
                .or(() -> creators.size() == 1 && (path.contains("{") || !creates(operation))
                        ? Optional.of(creators.getFirst())
                        : Optional.empty());
    }

    /// Makes a thing for an operation.
    Made make(String operation, String word) {
        var creator = creatorOf(operation);
        if (creator.isEmpty()) {
            return new Made(Map.of(), Optional.empty());
        }
        return shown(
                operation, create(creator.get(), input(creator.get(), word)).json());
    }

    /// What an answer shows, as what an operation is about.
    Made shown(String operation, JsonNode value) {
        var parameters = new LinkedHashMap<String, String>();
        PARAMETER.matcher(rest.route(operation).path()).results().forEach(found -> {
            var pointer = samples.origin(operation).map(Origin::pointer).orElse("/" + found.group(1));
            parameters.put(found.group(1), value.at(pointer).asText());
        });
        return new Made(parameters, Optional.of(value));
    }

    /// Makes something, by REST and by who may everything.
    TestReply create(String creator, ObjectNode input) {
        return rest.reply(
                        question(creator, samples.privileged(), make(creator, word()), input), UnaryOperator.identity())
                .expect(201);
    }

    /// A question about something that was made, by somebody who has asked nothing yet: no limit of calls is met.
    Question question(String operation, Asker asker, Made made, ObjectNode input) {
        var subject = asker.subject().isEmpty() || asker.isOwner() ? asker.subject() : asker.subject() + "-" + word();
        for (var parameter : made.parameters().entrySet()) {
            subject = subject.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return new Question(
                operation,
                subject,
                asker.roles(),
                made.parameters(),
                input,
                Optional.of(FIRST_VERSION),
                Optional.empty());
    }

    /// Valid input with a word.
    ObjectNode input(String operation, String word) {
        var route = rest.route(operation);
        var json = samples.input(operation)
                .or(() -> samples.withInput().stream()
                        .filter(other -> !route.bodyName().isEmpty()
                                && rest.route(other).bodyName().equals(route.bodyName()))
                        .findFirst()
                        .flatMap(samples::input))
                .or(() -> route.parameter("query", "search").isMissingNode()
                        ? Optional.empty()
                        : Optional.of("{\"search\": \"*\"}"));
        if (json.isEmpty() && !route.body().isMissingNode()) {
            throw new IllegalArgumentException(operation + " has no input among the samples");
        }
        return ContractSamples.written(json.orElse("{}"), word);
    }

    /// The same but for its first text that may be any, which goes on, or its first number.
    static ObjectNode another(ObjectNode input) {
        var text = freeText(input);
        if (text.isPresent()) {
            return input.deepCopy().put(text.get(), input.get(text.get()).asText() + " 2");
        }
        return input.properties().stream()
                .filter(field -> field.getValue().isNumber())
                .findFirst()
                .map(field ->
                        input.deepCopy().put(field.getKey(), field.getValue().asLong() + 1))
                .orElseThrow(() -> new IllegalArgumentException("no text or number of " + input + " can be another"));
    }

    /// The name of the first field whose text may be any.
    static Optional<String> freeText(ObjectNode input) {
        return input.properties().stream()
                .filter(field -> field.getValue().isTextual()
                        && FREE_TEXT.matcher(field.getKey()).matches())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The same with another value in one place.
    static ObjectNode replaced(ObjectNode input, String pointer, JsonNode value) {
        var changed = input.deepCopy();
        var last = pointer.lastIndexOf('/');
        if (changed.at(pointer.substring(0, last)) instanceof ObjectNode parent) {
            parent.set(pointer.substring(last + 1), value);
            return changed;
        }
        throw new IllegalArgumentException(input + " has nothing at " + pointer);
    }

    static JsonNode array(List<JsonNode> items) {
        return new JsonMapper().createArrayNode().addAll(items);
    }
}
