package dev.slipway.web;

import dev.slipway.core.Caller;
import java.util.Map;
import java.util.OptionalLong;

/// What a handler gets: the validated input, the path and who calls.
///
/// @param input the body, or the query where there is no body
/// @param caller who calls; the route's policy has let it pass
/// @param path the values of the path's parameters
/// @param expectedVersion the version that `If-Match` names; empty for `*` and for routes that are not conditional
public record Call<I>(I input, Caller caller, Map<PathParameter<?>, Object> path, OptionalLong expectedVersion) {

    /// The value of a path parameter of this route.
    ///
    /// @throws IllegalArgumentException if the route does not have it
    @SuppressWarnings("unchecked") // the edge put in what the parameter's own parser made
    public <T> T get(PathParameter<T> parameter) {
        var value = path.get(parameter);
        if (value == null) {
            throw new IllegalArgumentException("the route has no path parameter " + parameter.name());
        }
        return (T) value;
    }
}
