package dev.slipway.operation;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import java.util.Map;
import java.util.OptionalLong;

/// What a handler gets: the validated input, what it is about and who calls.
///
/// @param context of the call
/// @param parameters the values of the operation's parameters
/// @param expectedVersion the version that the caller has seen; empty for any, and where none is asked for
public record Call<I>(
        I input, CallContext context, Map<Parameter<?>, Object> parameters, OptionalLong expectedVersion) {

    /// Who calls; the operation's policy has let it pass.
    public Caller caller() {
        return context.caller();
    }

    /// The value of a parameter of this operation.
    ///
    /// @throws IllegalArgumentException if the operation does not have it
    @SuppressWarnings("unchecked") // the chain put in what the parameter's own parser made
    public <T> T get(Parameter<T> parameter) {
        var value = parameters.get(parameter);
        if (value == null) {
            throw new IllegalArgumentException("the operation has no parameter " + parameter.name());
        }
        return (T) value;
    }
}
