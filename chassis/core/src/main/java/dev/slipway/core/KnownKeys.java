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
            byVariable.put(variable(path), path);
            if (path.contains("*")) {
                patterns.add(Pattern.compile(path.replace(".", "\\.").replace("*", "[^.]+")));
            }
        });
    }

    List<Key> all() {
        return List.copyOf(keys.values());
    }

    boolean contains(String path) {
        var list = path.replaceFirst("\\.\\d+$", "");
        return keys.containsKey(path)
                || keys.containsKey(list)
                || patterns.stream().anyMatch(pattern ->
                        pattern.matcher(path).matches() || pattern.matcher(list).matches());
    }

    Optional<String> byVariable(String name) {
        return Optional.ofNullable(byVariable.get(name));
    }

    String suggest(String path) {
        return nearest(path, keys.keySet().stream().toList());
    }

    String suggestVariable(String prefix, String rest) {
        return nearest(prefix + rest, byVariable.keySet().stream().map(prefix::concat).toList());
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
            add(prefix + kebab(component.getName()), component.getGenericType(), component);
        }
    }

    private void add(String path, Type type, RecordComponent component) {
        if (type instanceof Class<?> section && SettingsBinder.isSection(section)) {
            addRecord(path + ".", section);
        } else if (type instanceof ParameterizedType generic
                && generic.getRawType() != Optional.class
                && (SettingsBinder.lastArgument(generic) instanceof Class<?> element)
                && SettingsBinder.isSection(element)) {
            addRecord(path + ".*.", element);
        } else {
            var key = generic(type, Map.class) ? path + ".*" : path;
            var setting = component.getAnnotation(Setting.class);
            keys.put(
                    key,
                    new Key(
                            key,
                            SettingsBinder.describe(type),
                            setting == null ? "" : setting.byDefault(),
                            setting == null ? "" : setting.about()));
        }
    }

    private static boolean generic(Type type, Class<?> raw) {
        return type instanceof ParameterizedType generic && generic.getRawType() == raw;
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
