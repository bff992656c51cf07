package dev.slipway.tool;

import dev.slipway.tool.YamlNode.Mapping;
import dev.slipway.tool.YamlNode.Scalar;
import dev.slipway.tool.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One mapping of a YAML document, read key by key; whatever is wrong or left over is noted, so that all mistakes
/// are reported at once, each with its line.
final class YamlSection {

    private final String source;
    private final String name;
    private final Mapping mapping;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    private YamlSection(String source, String name, Mapping mapping, List<Problem> problems) {
        this.source = source;
        this.name = name;
        this.mapping = mapping;
        this.problems = problems;
    }

    static YamlSection root(String source, YamlNode node, List<Problem> problems) {
        if (node instanceof Mapping mapping) {
            return new YamlSection(source, "", mapping, problems);
        }
        throw new GenerationException(
                GenerationException.Cause.TEMPLATE,
                source + ":" + node.line() + ": must be a mapping",
                "Start with 'spec: 1'");
    }

    Set<String> keys() {
        return mapping.entries().keySet();
    }

    int line(String key) {
        var node = mapping.entries().get(key);
        return node == null ? mapping.line() : node.line();
    }

    void wrong(int line, String what, String fix) {
        problems.add(new Problem(source + ":" + line + ": " + what, fix));
    }

    String text(String key) {
        return optionalText(key).orElseGet(() -> {
            if (!mapping.entries().containsKey(key)) {
                wrong(mapping.line(), "'" + full(key) + "' is missing", "Add it");
            }
            return "";
        });
    }

    Optional<String> optionalText(String key) {
        return switch (take(key)) {
            case null -> Optional.empty();
            case Scalar scalar -> {
                if (scalar.value().isBlank()) {
                    wrong(scalar.line(), "'" + full(key) + "' is empty", "Give it a value or leave it out");
                }
                yield Optional.of(scalar.value());
            }
            case Sequence other -> mismatch(key, other.line(), "a text");
            case Mapping other -> mismatch(key, other.line(), "a text");
        };
    }

    boolean flag(String key, boolean otherwise) {
        return optionalText(key)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    case String other -> {
                        wrong(line(key), "'" + full(key) + "' is '" + other + "'", "Write true or false");
                        yield otherwise;
                    }
                })
                .orElse(otherwise);
    }

    List<String> texts(String key) {
        return list(key, "a list of texts", Scalar.class).stream()
                .map(Scalar::value)
                .toList();
    }

    Optional<YamlSection> section(String key) {
        return switch (take(key)) {
            case null -> Optional.empty();
            case Mapping child -> Optional.of(new YamlSection(source, full(key), child, problems));
            case Scalar other -> mismatch(key, other.line(), "a mapping");
            case Sequence other -> mismatch(key, other.line(), "a mapping");
        };
    }

    /// Every entry of a mapping whose values are mappings, in the order of the document.
    Map<String, YamlSection> sections() {
        Map<String, YamlSection> all = new LinkedHashMap<>();
        for (String key : keys()) {
            section(key).ifPresent(section -> all.put(key, section));
        }
        return all;
    }

    /// Every item of a list of mappings.
    List<YamlSection> items(String key) {
        return list(key, "a list of mappings", Mapping.class).stream()
                .map(item -> new YamlSection(source, full(key), item, problems))
                .toList();
    }

    private <T extends YamlNode> List<T> list(String key, String wanted, Class<T> type) {
        return switch (take(key)) {
            case null -> List.of();
            case Sequence sequence -> {
                List<T> items = new ArrayList<>();
                for (YamlNode item : sequence.items()) {
                    if (type.isInstance(item)) {
                        items.add(type.cast(item));
                    } else {
                        mismatch(key, item.line(), wanted);
                    }
                }
                yield items;
            }
            case Scalar other ->
                this.<List<T>>mismatch(key, other.line(), wanted).orElse(List.of());
            case Mapping other ->
                this.<List<T>>mismatch(key, other.line(), wanted).orElse(List.of());
        };
    }

    /// Notes every key that nobody asked for; call it last.
    void refuseUnknown() {
        for (String key : keys()) {
            if (!known.contains(key)) {
                wrong(
                        line(key),
                        "'" + full(key) + "' is not a known key",
                        Nearest.to(key, known)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Known here: " + String.join(", ", known)));
            }
        }
    }

    private @Nullable YamlNode take(String key) {
        known.add(key);
        return mapping.entries().get(key);
    }

    private <T> Optional<T> mismatch(String key, int line, String wanted) {
        wrong(line, "'" + full(key) + "' must be " + wanted, "Write it as docs/templates.md shows");
        return Optional.empty();
    }

    private String full(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }
}
