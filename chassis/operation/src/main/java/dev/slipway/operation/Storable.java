package dev.slipway.operation;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import dev.slipway.core.Unicode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whether the values in an input are some that a store can keep and every protocol can say, whatever the constraints on
/// them: [Unicode#isText], finite numbers, times of the years 0 to 9999
/// ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-1)).
final class Storable {
    private static final String TEXT = "must be well-formed text without U+0000";
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int MOST_DIGITS = 1_000;

    /// What never holds anything to look at.
    private static final Set<Class<?>> PLAIN = Set.of(
            boolean.class,
            byte.class,
            char.class,
            short.class,
            int.class,
            long.class,
            Boolean.class,
            Integer.class,
            Long.class,
            UUID.class);

    private record Part(String name, MethodHandle accessor) {}

    /// The components of a record that are looked at.
    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> !PLAIN.contains(component.getType())
                            && !component.getType().isEnum())
                    .map(component -> new Part(component.getName(), accessor(component)))
                    .toList();
        }
    };

    private Storable() {}

    /// @throws ProblemException that names every value that is none
    static void require(Object input) {
        if (!isStorable(input)) {
            var errors = new ArrayList<FieldError>();
            report("", input, errors);
            throw Problem.invalid(errors).asException();
        }
    }

    /// @throws ProblemException that names the value if it is no text
    static void requireText(String name, String value) {
        if (!Unicode.isText(value)) {
            throw Problem.invalid(List.of(new FieldError(name, "text", TEXT))).asException();
        }
    }

    static boolean isStorable(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case Record record -> {
                for (var part : PARTS.get(record.getClass())) {
                    if (!isStorable(get(part, record))) {
                        yield false;
                    }
                }
                yield true;
            }
            case Optional<?> optional -> isStorable(optional.orElse(null));
            case Collection<?> all -> {
                for (var one : all) {
                    if (!isStorable(one)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Map<?, ?> map -> isStorable(map.keySet()) && isStorable(map.values());
            default -> error("", value) == null;
        };
    }

    private static void report(String path, @Nullable Object value, List<FieldError> errors) {
        switch (value) {
            case null -> {}
            case Record record ->
                PARTS.get(record.getClass())
                        .forEach(part -> report(
                                path.isEmpty() ? part.name() : path + "." + part.name(), get(part, record), errors));
            case Optional<?> optional -> report(path, optional.orElse(null), errors);
            case Collection<?> all -> {
                var i = 0;
                for (var one : all) {
                    report(path + "[" + i++ + "]", one, errors);
                }
            }
            case Map<?, ?> map ->
                map.forEach((name, one) -> {
                    report(path, name, errors);
                    report(path + "[" + name + "]", one, errors);
                });
            default -> {
                var error = error(path, value);
                if (error != null) {
                    errors.add(error);
                }
            }
        }
    }

    private static @Nullable FieldError error(String path, Object value) {
        return switch (value) {
            case String text when !Unicode.isText(text) -> new FieldError(path, "text", TEXT);
            case Instant time
            when time.getEpochSecond() < FIRST || time.getEpochSecond() > LAST ->
                new FieldError(path, "range", "must be a time of the years 0 to 9999");
            case TemporalAccessor time
            when time.isSupported(ChronoField.YEAR) && isBeyond(time.get(ChronoField.YEAR)) ->
                new FieldError(path, "range", "must be a time of the years 0 to 9999");
            case Double number when !Double.isFinite(number) -> new FieldError(path, "range", "must be finite");
            case Float number when !Float.isFinite(number) -> new FieldError(path, "range", "must be finite");
            case BigDecimal number
            when Math.abs((long) number.scale()) > MOST_DIGITS ->
                new FieldError(path, "range", "must have at most " + MOST_DIGITS + " digits");
            default -> null;
        };
    }

    private static boolean isBeyond(int year) {
        return year < 0 || year > 9999;
    }

    private static @Nullable Object get(Part part, Record record) {
        try {
            return part.accessor().invokeExact((Object) record);
        } catch (Throwable e) {
            throw new IllegalStateException(part.name() + " of " + record.getClass() + " cannot be read", e);
        }
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
