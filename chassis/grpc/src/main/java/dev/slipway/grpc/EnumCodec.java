package dev.slipway.grpc;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An enum of a proto file, by its numbers, and one of Java: `SORT_NAME_DESCENDING` of `Sort` is `NAME_DESCENDING`, and
/// `SORT_UNSPECIFIED` is absent.
final class EnumCodec implements Codec {
    private static final int UNSPECIFIED = 0;

    private final Map<Integer, Object> constants = new HashMap<>();
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final boolean unspecified;
    private final String known;

    /// @param refuse is told of each value without a constant, and of each constant without a value
    EnumCodec(EnumDescriptor descriptor, Class<?> type, Consumer<String> refuse) {
        var values = descriptor.getValues().stream()
                .filter(value -> !isUnspecified(value))
                .collect(Collectors.toMap(EnumCodec::constant, value -> value, (first, alias) -> first));
        unspecified = descriptor.getValues().stream().anyMatch(EnumCodec::isUnspecified);
        known = descriptor.getValues().stream()
                .filter(value -> !isUnspecified(value))
                .map(EnumValueDescriptor::getName)
                .collect(Collectors.joining(", "));
        for (var constant : type.getEnumConstants()) {
            var name = ((Enum<?>) constant).name();
            var value = values.remove(name);
            if (value == null) {
                refuse.accept("the enum " + descriptor.getName() + " has no value " + prefix(descriptor) + name);
            } else {
                numbers.put(constant, value.getNumber());
                constants.put(value.getNumber(), constant);
            }
        }
        values.values()
                .forEach(value ->
                        refuse.accept("the enum " + type.getSimpleName() + " has no constant for " + value.getName()));
    }

    private static String prefix(EnumDescriptor descriptor) {
        return descriptor.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
    }

    private static String constant(EnumValueDescriptor value) {
        var prefix = prefix(value.getType());
        return value.getName().startsWith(prefix) ? value.getName().substring(prefix.length()) : value.getName();
    }

    private static boolean isUnspecified(EnumValueDescriptor value) {
        return value.getNumber() == UNSPECIFIED && constant(value).equals("UNSPECIFIED");
    }

    /// Whether a value says that there is none.
    boolean knowsAbsence() {
        return unspecified;
    }

    @Override
    public @Nullable Object read(Object number) {
        var constant = constants.get(number);
        if (constant == null && !(unspecified && number.equals(UNSPECIFIED))) {
            throw Invalid.format("must be one of " + known, null);
        }
        return constant;
    }

    @Override
    public Object write(Object constant) {
        return Objects.requireNonNull(numbers.get(constant));
    }
}
