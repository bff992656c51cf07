package dev.slipway.graphql;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a client asks for ([GraphQL over HTTP](https://graphql.github.io/graphql-over-http/draft/)).
///
/// @param hash of a persisted document, in lower case
/// @param size of the request, in characters
record Command(
        Optional<String> query,
        Optional<String> hash,
        Optional<String> operationName,
        Map<String, Object> variables,
        int size) {

    static final Problem MALFORMED = Problem.of(
            Kind.INVALID,
            "graphql-malformed",
            "Send a JSON object with query, and operationName, variables and extensions if need be.");

    /// @param json an object; anything else is refused, batches too
    static Command of(@Nullable Object json, int size) {
        if (!(json instanceof Map<?, ?> map)) {
            throw MALFORMED.asException();
        }
        return new Command(
                text(map.get("query")),
                hash(map.get("extensions")),
                text(map.get("operationName")),
                variables(map.get("variables")),
                size);
    }

    private static Optional<String> text(@Nullable Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case String text -> text.isEmpty() ? Optional.empty() : Optional.of(text);
            default -> throw MALFORMED.asException();
        };
    }

    private static Map<String, Object> variables(@Nullable Object value) {
        var variables = new HashMap<String, Object>();
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((name, content) -> variables.put(String.valueOf(name), content));
            default -> throw MALFORMED.asException();
        }
        return variables;
    }

    private static Optional<String> hash(@Nullable Object extensions) {
        return switch (extensions) {
            case null -> Optional.empty();
            case Map<?, ?> map ->
                switch (map.get("persistedQuery")) {
                    case null -> Optional.empty();
                    case Map<?, ?> persisted
                    when persisted.get("sha256Hash") instanceof String hash ->
                        Optional.of(hash.toLowerCase(Locale.ROOT));
                    default -> throw MALFORMED.asException();
                };
            default -> throw MALFORMED.asException();
        };
    }
}
