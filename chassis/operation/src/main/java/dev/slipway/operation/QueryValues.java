package dev.slipway.operation;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The texts of a query as the values of JSON that its record takes: a text is the number or the boolean that JSON would
/// write so. Any other is left as it is, to be refused where no text is wanted. Thread-safe.
final class QueryValues {
    private static final int LONGEST_NUMBER = 100;
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Set<Class<?>> NUMBERS = Set.of(
            int.class,
            long.class,
            short.class,
            byte.class,
            double.class,
            float.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class);

    private enum Kind {
        NUMBER,
        BOOLEAN,
        OTHER
    }

    private final ObjectMapper mapper;
    private final Map<Class<?>, Map<String, Kind>> known = new ConcurrentHashMap<>();

    QueryValues(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /// @param parameters texts and lists of them
    Map<String, Object> of(Map<String, ?> parameters, Class<?> type) {
        var kinds = known.computeIfAbsent(type, this::kinds);
        var values = new HashMap<String, Object>();
        parameters.forEach((name, value) -> values.put(name, value(value, kinds.getOrDefault(name, Kind.OTHER))));
        return values;
    }

    private Map<String, Kind> kinds(Class<?> type) {
        var config = mapper.getDeserializationConfig();
        var kinds = new HashMap<String, Kind>();
        config.introspect(config.constructType(type))
                .findProperties()
                .forEach(property -> kinds.put(property.getName(), kind(property.getPrimaryType())));
        return kinds;
    }

    private static Kind kind(JavaType type) {
        if (type.isReferenceType() || type.isCollectionLikeType()) {
            return kind(type.getContentType());
        }
        var raw = type.getRawClass();
        if (NUMBERS.contains(raw) || Number.class.isAssignableFrom(raw)) {
            return Kind.NUMBER;
        }
        return raw == boolean.class || raw == Boolean.class ? Kind.BOOLEAN : Kind.OTHER;
    }

    private static Object value(Object value, Kind kind) {
        return switch (value) {
            case List<?> list -> list.stream().map(each -> value(each, kind)).toList();
            case String text ->
                switch (kind) {
                    case NUMBER -> number(text);
                    case BOOLEAN -> text.equals("true") ? true : text.equals("false") ? false : text;
                    case OTHER -> text;
                };
            default -> value;
        };
    }

    private static Object number(String text) {
        if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
            return text;
        }
        try {
            return INTEGER.matcher(text).matches() ? new BigInteger(text) : new BigDecimal(text);
        } catch (NumberFormatException e) {
            // Its exponent is none.
            return text;
        }
    }
}
