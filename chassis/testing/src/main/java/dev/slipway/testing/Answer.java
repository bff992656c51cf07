package dev.slipway.testing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// What a caller is told, whatever the protocol.
///
/// @param code `done`, or the stable code of the refusal
/// @param fields the wrong ones with the codes of their rules, sorted
/// @param value of a successful answer
/// @param complete whether a field that is not in the value is empty, and not only unknown to the protocol
record Answer(String code, List<String> fields, JsonNode value, boolean complete) {
    static final String DONE = "done";
    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dt[0-9:.]+z";

    Answer {
        fields = fields.stream().sorted().toList();
    }

    static Answer done(JsonNode value, boolean complete) {
        return new Answer(DONE, List.of(), value, complete);
    }

    /// @param errors each with `field` and `code`
    static Answer refused(String code, JsonNode errors) {
        var fields = new ArrayList<String>();
        errors.forEach(error ->
                fields.add(error.at("/field").asText() + " " + error.at("/code").asText()));
        return new Answer(code, fields, MissingNode.getInstance(), true);
    }

    /// Whether the service failed. What says no code of its own is a status of a library's.
    boolean isFailure() {
        return code.equals("internal-error") || code.startsWith("Status{");
    }

    /// The same without the word that makes its thing unique.
    Answer without(String unique) {
        try {
            var text = value.toString().replace(unique, "*");
            return new Answer(code, fields, text.isEmpty() ? value : new JsonMapper().readTree(text), complete);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// In what the answers differ; empty if they do not. A field counts for the protocols that know it; what differs from
    /// call to call by its nature (ids, instants, cursors) does not.
    static List<String> differences(Map<String, Answer> answers) {
        return differences(answers, Answer::text);
    }

    /// The same of answers about one and the same thing: ids and instants count.
    static List<String> differencesOfOne(Map<String, Answer> answers) {
        return differences(answers, (path, value) -> plain(value));
    }

    private static List<String> differences(Map<String, Answer> answers, BiFunction<String, JsonNode, String> text) {
        var said = answers.values().stream()
                .map(answer -> answer.code() + answer.fields())
                .distinct();
        if (said.count() > 1) {
            return List.of(Objects.toString(answers));
        }
        var differences = new ArrayList<String>();
        var values = new LinkedHashMap<String, JsonNode>();
        answers.forEach((protocol, answer) -> values.put(protocol, answer.value()));
        compare("", values, answers, text, differences);
        return differences;
    }

    private static void compare(
            String path,
            Map<String, JsonNode> values,
            Map<String, Answer> answers,
            BiFunction<String, JsonNode, String> text,
            List<String> differences) {
        if (values.values().stream().anyMatch(JsonNode::isObject)) {
            var names = new TreeSet<String>();
            values.values().forEach(value -> value.fieldNames().forEachRemaining(names::add));
            for (var name : names) {
                var known = new LinkedHashMap<String, JsonNode>();
                values.forEach((protocol, value) -> {
                    if (value.has(name) || requireNonNull(answers.get(protocol)).complete()) {
                        known.put(protocol, value.path(name));
                    }
                });
                compare(path + "/" + name, known, answers, text, differences);
            }
            return;
        }
        var sizes = values.values().stream().mapToInt(JsonNode::size).distinct();
        if (values.values().stream().anyMatch(JsonNode::isArray) && sizes.count() == 1) {
            IntStream.range(0, values.values().iterator().next().size()).forEach(i -> {
                var elements = new LinkedHashMap<String, JsonNode>();
                values.forEach((protocol, value) -> elements.put(protocol, value.path(i)));
                compare(path + "/" + i, elements, answers, text, differences);
            });
            return;
        }
        var texts = values.values().stream().map(value -> text.apply(path, value));
        if (texts.distinct().count() > 1) {
            differences.add(path + ": " + values);
        }
    }

    private static String text(String path, JsonNode value) {
        var plain = plain(value);
        if (value.isContainerNode()) {
            return plain;
        }
        return path.endsWith("/id")
                ? "id"
                : path.endsWith("/next") && !plain.isEmpty()
                        ? "cursor"
                        : plain.replaceAll(ID, "id").replaceAll(INSTANT, "instant");
    }

    /// Enums are written otherwise by each protocol, and what is empty is left out by some.
    private static String plain(JsonNode value) {
        var text = value.isContainerNode() ? value.toString() : value.asText();
        return value.isNull() || (value.isContainerNode() && value.isEmpty()) ? "" : text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return code + (fields.isEmpty() ? "" : " " + fields) + (value.isMissingNode() ? "" : " " + value);
    }
}
