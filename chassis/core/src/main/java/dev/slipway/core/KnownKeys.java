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
import java.util.regex.Pattern;

/// The keys that the settings records of a service define; `*` stands for an index or a name.
final class KnownKeys {

    /// A key with what its record says of it.
    record Key(String path, String type, String byDefault, String about) {}

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, String> byVariable = new LinkedHashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    KnownKeys(List<Class<? extends Record>> roots) {
        roots.forEach(root -> addRecord("", root));
        keys.keySet().forEach(path -> {
            if (path.contains("*")) {
                patterns.add(pattern(path));
            } else {
                byVariable.put(variable(path), path);
            }
        });
    }

    List<Key> all() {
        return List.copyOf(keys.values());
    }

    boolean contains(String path) {
        return keys.containsKey(path)
                || patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    Optional<String> byVariable(String name) {
        return Optional.ofNullable(byVariable.get(name));
    }

    String suggest(String path) {
        return nearest(path, keys.keySet().stream().toList());
    }

    String suggestVariable(String prefix, String rest) {
        return nearest(
                prefix + rest, byVariable.keySet().stream().map(prefix::concat).toList());
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
            }
            default -> put(path, component);
        }
    }

    private void put(String path, RecordComponent component) {
        var setting = component.getAnnotation(Setting.class);
        keys.put(
                path,
                new Key(
                        path,
                        SettingsBinder.describe(component.getGenericType()),
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
