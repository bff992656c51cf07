package dev.slipway.core;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the values of one component of a settings record must not leave.
///
/// @param type of the values
/// @param least as it is written in a file; empty for none
/// @param most as it is written in a file; empty for none
record Bounds(Class<?> type, String least, String most) {
    private static final Set<Class<?>> BOUNDED = Set.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            double.class,
            Double.class,
            Duration.class,
            DataSize.class);

    /// @throws IllegalStateException if they contradict themselves, or the type or the default of the component
    static Bounds of(RecordComponent component) {
        var setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            return new Bounds(component.getType(), "", "");
        }
        var bounds = new Bounds(typeOfValues(component), setting.least(), setting.most());
        try {
            bounds.check(setting.byDefault());
        } catch (IllegalArgumentException e) {
            var record = component.getDeclaringRecord().getSimpleName();
            throw new IllegalStateException(record + "." + component.getName() + ": " + e.getMessage(), e);
        }
        return bounds;
    }

    private static Class<?> typeOfValues(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType optional
                        && optional.getRawType() == Optional.class
                        && SettingsBinder.lastArgument(optional) instanceof Class<?> value
                ? value
                : component.getType();
    }

    private void check(String byDefault) {
        if (isEmpty()) {
            return;
        }
        if (!BOUNDED.contains(type)) {
            throw new IllegalArgumentException("only a number, a duration or a size has bounds");
        }
        for (var text : List.of(least, most, byDefault)) {
            if (!text.isEmpty() && !allow(parsed(text))) {
                throw new IllegalArgumentException(text + " is not " + words());
            }
        }
    }

    boolean isEmpty() {
        return least.isEmpty() && most.isEmpty();
    }

    /// Whether a value is within them; without a value there is none to refuse.
    boolean allow(Object value) {
        return value instanceof Optional<?> optional
                ? optional.stream().allMatch(this::allow)
                : (least.isEmpty() || compare(value, parsed(least)) >= 0)
                        && (most.isEmpty() || compare(value, parsed(most)) <= 0);
    }

    /// `between 1 and 65535`, `at least 1ms` or `at most 1GB`.
    String words() {
        if (least.isEmpty()) {
            return "at most " + most;
        }
        return most.isEmpty() ? "at least " + least : "between " + least + " and " + most;
    }

    private Object parsed(String text) {
        return SettingsBinder.parse(type, text);
    }

    @SuppressWarnings("unchecked") // both are of one type, which is ordered
    private static int compare(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }
}
