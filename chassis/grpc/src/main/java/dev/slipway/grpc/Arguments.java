package dev.slipway.grpc;

import dev.slipway.operation.Expected;
import dev.slipway.operation.Items;
import dev.slipway.operation.Nothing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What a message of a proto file says to an operation: the values of its parameters, its input, the version that the
/// caller has seen. Immutable.
///
/// The input is made only when the operation's policy has let the caller pass.
///
/// @param <I> the operation's input
public final class Arguments<I> {
    private static final Arguments<Nothing> NONE =
            new Arguments<>(Map.of(), () -> Nothing.NOTHING, new Expected.Unsaid());

    private final Map<String, String> parameters;
    private final Supplier<I> input;
    private final Expected expected;

    private Arguments(Map<String, String> parameters, Supplier<I> input, Expected expected) {
        this.parameters = parameters;
        this.input = input;
        this.expected = expected;
    }

    public static Arguments<Nothing> none() {
        return NONE;
    }

    /// @param parameter name of one of the operation's parameters
    public static Arguments<Nothing> on(String parameter, String value) {
        return NONE.and(parameter, value);
    }

    /// One more parameter.
    public Arguments<I> and(String parameter, String value) {
        if (parameters.isEmpty()) {
            return new Arguments<>(Map.of(parameter, value), input, expected);
        }
        var more = new HashMap<>(parameters);
        more.put(parameter, value);
        return new Arguments<>(more, input, expected);
    }

    /// @param maker makes the input; an `IllegalArgumentException` means that it is not valid, and its message is told
    public <J extends Record> Arguments<J> input(Supplier<J> maker) {
        return new Arguments<>(parameters, maker, expected);
    }

    /// The version that the caller has seen, for a conditional operation.
    public Arguments<I> version(long version) {
        return new Arguments<>(parameters, input, new Expected.Exactly(version));
    }

    /// The caller takes any version, as long as the thing exists.
    public Arguments<I> anyVersion() {
        return new Arguments<>(parameters, input, new Expected.Any());
    }

    static <T> Arguments<Items<T>> items(Items<T> items) {
        return new Arguments<>(Map.of(), () -> items, new Expected.Unsaid());
    }

    String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the binding gives no value for the parameter " + name);
        }
        return value;
    }

    I input() {
        return input.get();
    }

    Expected expected() {
        return expected;
    }
}
