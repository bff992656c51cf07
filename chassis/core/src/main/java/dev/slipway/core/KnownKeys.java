package dev.slipway.core;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys that the settings records of a service define; `*` stands for an index or a name.
final class KnownKeys {
    private static final int LARGEST_SLIP = 2;

    /// A key with what its record says of it.
    ///
    /// @param type in words, with its bounds
    record Key(String path, String type, String byDefault, String about) {}

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, String> byVariable = new LinkedHashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<Named> named = new ArrayList<>();

    /// A key that holds names or indices.
    ///
    /// @param shape of what stands after the prefix of a variable; a group for each `*`
    private record Named(String path, Pattern shape) {
        static Named of(String path) {
            return new Named(path, Pattern.compile(variable(path).replace("*", "(.+?)")));
        }

        Optional<String> key(String rest, Set<String> before) {
            var match = shape.matcher(rest);
            return match.matches() ? Optional.of(filled(match, before)) : Optional.empty();
        }

        private String filled(Matcher match, Set<String> before) {
            var key = path;
            for (var group = 1; group <= match.groupCount(); group++) {
                var above = key.substring(0, key.indexOf('*'));
                key = key.replaceFirst("\\*", Matcher.quoteReplacement(name(above, match.group(group), before)));
            }
            return key;
        }

        /// As another source writes it, which may know capitals.
        private static String name(String above, String text, Set<String> before) {
            return before.stream()
                    .filter(key -> key.startsWith(above))
                    .map(key -> key.substring(above.length()).split("\\.", 2)[0])
                    .filter(name -> KnownKeys.variable(name).equals(text))
                    .findFirst()
                    .orElseGet(() -> text.toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    KnownKeys(List<Class<? extends Record>> roots) {
        roots.forEach(root -> addRecord("", root));
        keys.keySet().forEach(path -> {
            if (path.contains("*")) {
                patterns.add(pattern(path));
                named.add(Named.of(path));
            } else {
                byVariable.put(variable(path), path);
            }
        });
        // What says more of a key knows it better.
        named.sort(Comparator.comparingInt((Named key) -> -key.path().length()));
    }

    List<Key> all() {
        return List.copyOf(keys.values());
    }

    boolean contains(String path) {
        return keys.containsKey(path)
                || patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    /// The key that a variable sets. What a map or a list holds is set by its name or index: `LIMITS_RULES_CALLER_BURST`
    /// is `limits.rules.caller.burst`, and `MY_RULE` the name `my-rule`.
    ///
    /// @param rest of the variable's name, after the prefix
    /// @param before keys of earlier sources
    Optional<String> byVariable(String rest, Set<String> before) {
        return Optional.ofNullable(byVariable.get(rest))
                .or(() -> named.stream()
                        .flatMap(key -> key.key(rest, before).stream())
                        .findFirst());
    }

    String suggest(String path) {
        return nearest(path, keys.keySet().stream().toList());
    }

    /// Empty if it is none that was mistyped: the prefix alone makes nothing similar.
    String suggestVariable(String prefix, String rest) {
        return byVariable.keySet().stream()
                .min(Comparator.comparingInt(known -> distance(rest, known)))
                .filter(known -> distance(rest, known) <= LARGEST_SLIP)
                .map(known -> "; did you mean " + prefix + known + "?")
                .orElse("");
    }

    /// `maxBodySize` in code is `max-body-size` in a file and `MAX_BODY_SIZE` in a variable.
    static String kebab(String component) {
        return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    static String variable(String path) {
        return path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private void addRecord(String prefix, Class<?> type) {
        for (var component : type.getRecordComponents()) {
            if (SettingsBinder.isUnwrapped(component.getType())) {
                addRecord(prefix, component.getType());
                continue;
            }
            add(prefix + kebab(component.getName()), component.getGenericType(), component);
        }
    }

    private void add(String path, Type type, RecordComponent component) {
        switch (type) {
            case Class<?> section when SettingsBinder.isSection(section) -> addRecord(path + ".", section);
            case ParameterizedType map
            when map.getRawType() == Map.class -> add(path + ".*", SettingsBinder.lastArgument(map), component);
            case ParameterizedType optional
            when optional.getRawType() == Optional.class -> add(path, SettingsBinder.lastArgument(optional), component);
            case ParameterizedType list
            when SettingsBinder.lastArgument(list) instanceof Class<?> element && SettingsBinder.isSection(element) ->
                addRecord(path + ".*.", element);
            case ParameterizedType list -> {
                put(path, component);
                patterns.add(pattern(path + ".*"));
                named.add(Named.of(path + ".*"));
            }
            default -> put(path, component);
        }
    }

    private void put(String path, RecordComponent component) {
        var setting = component.getAnnotation(Setting.class);
        var bounds = Bounds.of(component);
        var type = SettingsBinder.describe(component.getGenericType());
        keys.put(
                path,
                new Key(
                        path,
                        bounds.isEmpty() ? type : type + ", " + bounds.words(),
                        setting == null ? "" : setting.byDefault(),
                        setting == null ? "" : setting.about()));
    }

    private static Pattern pattern(String path) {
        return Pattern.compile(path.replace(".", "\\.").replace("*", "[^.]+"));
    }

    private static String nearest(String wrong, List<String> right) {
        return right.stream()
                .min(Comparator.comparingInt(key -> distance(wrong, key)))
                .filter(key -> distance(wrong, key) <= Math.max(2, wrong.length() / 4))
                .map(key -> "; did you mean " + key + "?")
                .orElse("");
    }

    /// Levenshtein's distance.
    private static int distance(String left, String right) {
        var previous = new int[right.length() + 1];
        for (var j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= left.length(); i++) {
            var current = new int[right.length() + 1];
            current[0] = i;
            for (var j = 1; j <= right.length(); j++) {
                var change = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
