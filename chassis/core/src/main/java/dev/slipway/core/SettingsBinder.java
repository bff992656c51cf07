package dev.slipway.core;

import dev.slipway.core.SettingsSources.Found;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes settings records from flat keys; collects every error instead of stopping at the first.
final class SettingsBinder {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

    private final NavigableMap<String, Found> values;
    private final List<String> errors;

    SettingsBinder(NavigableMap<String, Found> values, List<String> errors) {
        this.values = values;
        this.errors = errors;
    }

    /// A record that is made of keys of its own, and not a value such as [Secret].
    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != Secret.class && type != DataSize.class;
    }

    /// A section whose keys stand beside those of the record that holds it.
    static boolean isUnwrapped(Class<?> type) {
        return type.isAnnotationPresent(Unwrapped.class);
    }

    static Type lastArgument(ParameterizedType type) {
        var arguments = type.getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    static String describe(Type type) {
        return switch (type) {
            case ParameterizedType generic
            when generic.getRawType() == Optional.class -> describe(lastArgument(generic)) + ", optional";
            case ParameterizedType generic
            when generic.getRawType() == Map.class -> describe(lastArgument(generic)) + " by name";
            case ParameterizedType generic -> "list of " + describe(lastArgument(generic));
            case Class<?> c when c.isEnum() -> constants(c).replace(", ", " | ");
            case Class<?> c
            when c == int.class || c == long.class || c == Integer.class || c == Long.class -> "whole number";
            case Class<?> c when c == double.class -> "number";
            case Class<?> c when c == boolean.class -> "true | false";
            case Class<?> c when c == DataSize.class -> "size";
            case Class<?> c -> c.getSimpleName().toLowerCase(Locale.ROOT);
            default -> type.getTypeName();
        };
    }

    /// Null if anything in the section is wrong; the errors say what.
    <R extends Record> @Nullable R section(String prefix, Class<R> type) {
        return type.cast(record(prefix, type));
    }

    private @Nullable Object record(String prefix, Class<?> type) {
        var components = type.getRecordComponents();
        var before = errors.size();
        var arguments = Arrays.stream(components)
                .map(component -> component(prefix, component))
                .toArray();
        if (errors.size() > before) {
            return null;
        }
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            var cause = e.getTargetException();
            var refusal = cause.getMessage();
            errors.add(prefix + (refusal == null ? "is wrong: " + cause : withSource(prefix, refusal)));
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be constructed", e);
        }
    }

    /// What a section refuses begins with the key that is wrong, if it is one.
    private String withSource(String prefix, String refusal) {
        var found = values.get(prefix + refusal.split("[ :,]", 2)[0]);
        return found == null ? refusal : "%s (%s)".formatted(refusal, found.source());
    }

    private @Nullable Object component(String prefix, RecordComponent component) {
        if (isUnwrapped(component.getType())) {
            return record(prefix, component.getType());
        }
        var key = prefix + KnownKeys.kebab(component.getName());
        var setting = component.getAnnotation(Setting.class);
        var fallback =
                setting == null || setting.byDefault().isEmpty() ? null : new Found(setting.byDefault(), "the default");
        var value = value(key, component.getGenericType(), fallback);
        var bounds = Bounds.of(component);
        var given = values.get(key);
        if (given != null && value != null && !bounds.allow(value)) {
            errors.add("%s: must be %s, not %s (%s)"
                    .formatted(key, bounds.words(), given.value().strip(), given.source()));
        }
        return value;
    }

    private @Nullable Object value(String key, Type type, @Nullable Found fallback) {
        if (type instanceof ParameterizedType generic) {
            return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
                case "Optional" -> optional(key, lastArgument(generic));
                case "List" -> list(key, lastArgument(generic), fallback);
                case "Set" -> new LinkedHashSet<>(list(key, lastArgument(generic), fallback));
                case "Map" -> map(key, lastArgument(generic));
                default -> throw new IllegalStateException(key + ": settings cannot be of type " + type);
            };
        }
        var plain = (Class<?>) type;
        if (isSection(plain)) {
            return record(key + ".", plain);
        }
        var found = values.getOrDefault(key, fallback);
        if (found == null) {
            errors.add(key + ": is required");
            return null;
        }
        return scalar(key, plain, found);
    }

    private Optional<?> optional(String key, Type type) {
        var present = values.containsKey(key) || !children(key).isEmpty();
        var empty = values.containsKey(key) && values.get(key).value().isEmpty();
        return present && !empty ? Optional.ofNullable(value(key, type, null)) : Optional.empty();
    }

    private List<?> list(String key, Type element, @Nullable Found fallback) {
        var indices = children(key);
        var inOne = values.getOrDefault(key, indices.isEmpty() ? fallback : null);
        var elements = new ArrayList<@Nullable Object>();
        if (inOne != null) {
            for (var part : inOne.value().split(",")) {
                if (!part.isBlank()) {
                    elements.add(scalar(key, (Class<?>) element, new Found(part.strip(), inOne.source())));
                }
            }
            return elements;
        }
        for (var i = 0; i < indices.size(); i++) {
            if (indices.contains(String.valueOf(i))) {
                elements.add(value(key + "." + i, element, null));
            } else {
                errors.add(key + "." + i + ": is missing; the elements of a list are numbered from 0");
            }
        }
        return elements;
    }

    private Map<String, ?> map(String key, Type element) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        children(key).forEach(name -> map.put(name, value(key + "." + name, element, null)));
        return map;
    }

    /// The names or indices directly below a key; `/` is the character after the dot.
    private Set<String> children(String key) {
        return values.subMap(key + ".", key + "/").keySet().stream()
                .map(child -> child.substring(key.length() + 1).split("\\.", 2)[0])
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private @Nullable Object scalar(String key, Class<?> type, Found found) {
        try {
            // The spaces around a text may belong to it: whoever wrote them, quoted them.
            var isText = type == String.class || type == Secret.class;
            return parse(type, isText ? found.value() : found.value().strip());
        } catch (IllegalArgumentException e) {
            var shown = found.source().equals("the default") ? "" : " (" + found.source() + ")";
            errors.add(key + ": " + e.getMessage() + shown);
            return null;
        }
    }

    /// @throws IllegalArgumentException if the text is no value of the type
    static Object parse(Class<?> boxed, String text) {
        var type = MethodType.methodType(boxed).unwrap().returnType();
        if (type == String.class) {
            return text;
        } else if (type == int.class || type == long.class) {
            return wholeNumber(type, text);
        } else if (type == double.class) {
            return number(text);
        } else if (type == boolean.class) {
            return truth(text);
        } else if (type == Duration.class) {
            return duration(text);
        } else if (type == DataSize.class) {
            return DataSize.parse(text);
        } else if (type == Secret.class) {
            return new Secret(text);
        } else if (type == URI.class) {
            return uri(text);
        } else if (type == Path.class) {
            return Path.of(text);
        } else if (type.isEnum()) {
            return constant(type, text);
        }
        throw new IllegalStateException("settings cannot be of type " + type);
    }

    private static Object wholeNumber(Class<?> type, String text) {
        try {
            var number = Long.parseLong(text.replace("_", ""));
            return type == int.class ? (Object) Math.toIntExact(number) : (Object) number;
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a whole number", e);
        }
    }

    /// The message does not repeat the text, which may hold a password.
    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URI: " + e.getReason(), e);
        }
    }

    private static double number(String text) {
        try {
            var number = Double.parseDouble(text);
            if (Double.isNaN(number)) {
                throw new NumberFormatException(text);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
        }
    }

    private static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        };
    }

    private static Duration duration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 200ms, 5s, 10m, 1h or 7d");
        }
        var amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> written(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is none of " + constants(type)));
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(SettingsBinder::written)
                .collect(Collectors.joining(", "));
    }

    private static String written(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
